/** The server under test, and how it stands in the vectors. */
import type { PeerAddress, PeerStep, Vector, WirePart } from '../plan.js';

export interface WireTarget {
  host: string;
  port: number;
  tls: boolean;
  /** What requests ask for. */
  path: string;
  /** Answers with what it has read: method, target and body, with spaces between. */
  echo: boolean;
}

/** What cannot be tested, in one line. */
export class WireFault extends Error {
  override name = 'WireFault';
}

/** Host and path that stand in vectors for those of the server under test. */
const AUTHORITY = 'target.test';
const PATH = '/target';

/** @throws WireFault when it is no address of a server */
export function parseServer(url: string, path: string | undefined, tls: boolean): WireTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new WireFault(`not a server: "${url}" (give http://HOST:PORT or https://HOST:PORT)`);
  const secure = tls || parsed.protocol === 'https:';
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const port = parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port);
  return { host, port, tls: secure, path: path ?? (parsed.pathname || '/'), echo: false };
}

export function authorityOf({ host, port }: WireTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function addressOf(target: WireTarget, vector: Vector): PeerAddress {
  const { host, port } = target;
  const alpn = vector.wire?.suite.startsWith('http2') ? 'h2' : 'http/1.1';
  return { host, port, ...(target.tls ? { tls: { alpn: [alpn] } } : {}) };
}

/** The vector with authority and path of the target in place of those it is written with. */
export function aimedAt(target: WireTarget, vector: Vector): Vector {
  const aim = (text: string) => text.replaceAll(AUTHORITY, authorityOf(target)).replaceAll(PATH, target.path);
  const peers = vector.peers.map((peer) => ({ ...peer, script: peer.script.map((step) => aimStep(step, aim)) }));
  return { ...vector, peers };
}

type Aim = (text: string) => string;

function aimStep(step: PeerStep, aim: Aim): PeerStep {
  const aimed = { ...step };
  if ('parts' in aimed) aimed.parts = aimed.parts.map((part) => aimPart(part, aim));
  if ('do' in aimed) aimed.do = aimed.do.map((inner) => aimStep(inner, aim));
  return aimed;
}

function aimPart(part: WirePart, aim: Aim): WirePart {
  if ('bytes' in part) {
    // latin1: what is not text must come out as it went in.
    const bytes = Buffer.from(part.bytes, 'base64').toString('latin1');
    return { bytes: Buffer.from(aim(bytes), 'latin1').toString('base64') };
  }
  return 'frame' in part ? { frame: aimFields(part.frame, aim) } : part;
}

/** Every text in a frame, however deep. */
function aimFields<T>(value: T, aim: Aim): T {
  if (typeof value === 'string') return aim(value) as T;
  if (Array.isArray(value)) return value.map((item) => aimFields(item, aim)) as T;
  if (typeof value !== 'object' || value === null || '$' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, aimFields(item, aim)])) as T;
}
