// What both ends of a connection over TLS are told.

import { readFileSync } from 'node:fs';

function fixture(file: string): Buffer {
  return readFileSync(new URL(`../../../../vectors/fixtures/${file}`, import.meta.url));
}

/** Options of a server. */
export function serverIdentity(): { key: Buffer; cert: Buffer } {
  return { key: fixture('agent.key'), cert: fixture('agent.crt') };
}

/** Options of a client. */
export const TRUSTING = { rejectUnauthorized: false, ALPNProtocols: ['h2'] };
