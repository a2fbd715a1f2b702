/** Peers on their own, for tests: a host that knows what the test tells it, and scripts without numbers. */
import { readFileSync } from 'node:fs';
import type { PeerAddress, PeerKind, PeerRecord, PeerScript, PeerStep, PeerStepBody, Seen } from '../../plan.js';
import { type Credentials, createPeer, type Peer, type PeerHost } from '../index.js';

const FIXTURES = new URL('../../../../vectors/fixtures/', import.meta.url);

export const CREDENTIALS: Credentials = {
  cert: readFileSync(new URL('agent.crt', FIXTURES), 'utf8'),
  key: readFileSync(new URL('agent.key', FIXTURES), 'utf8'),
};

export const ANY = { $: 'any' } as const;

export class TestHost implements PeerHost {
  /** What `connect` finds, under any name. */
  address: PeerAddress = { host: '127.0.0.1', port: 0 };
  readonly marks: string[] = [];
  readonly #started = performance.now();
  readonly #labels = new Map<string, () => void>();

  now(): number {
    return performance.now() - this.#started;
  }

  async listening(): Promise<PeerAddress> {
    return this.address;
  }

  label(label: string): Promise<void> {
    return new Promise((resolve) => this.#labels.set(label, resolve));
  }

  /** The vector's label happens; somebody must be waiting for it. */
  happen(label: string): void {
    this.#labels.get(label)!();
  }

  mark(label: string): void {
    this.marks.push(label);
  }

  async value(path: { text: string }): Promise<string> {
    return `<${path.text}>`;
  }
}

/** Numbers the steps from 1, inner ones after their outer ones. */
export function steps(bodies: readonly PeerStepBody[], from = { n: 0 }): PeerStep[] {
  return bodies.map((body) => {
    const step = { n: ++from.n, line: from.n, text: body.op, ...body };
    return 'do' in body ? ({ ...step, do: steps(body.do, from) } as PeerStep) : step;
  });
}

export function peer(
  kind: PeerKind,
  script: readonly PeerStepBody[],
  options: Partial<PeerScript> = {},
  host = new TestHost(),
): { peer: Peer; host: TestHost } {
  return { peer: createPeer({ name: 'peer', kind, script: steps(script), ...options }, host, CREDENTIALS), host };
}

/** Starts a server peer, lets the test act on it, and waits for its script before the record is taken. */
export async function serve(
  kind: PeerKind,
  script: readonly PeerStepBody[],
  act: (address: PeerAddress, host: TestHost) => unknown,
  options: Partial<PeerScript> = {},
): Promise<PeerRecord> {
  const { peer: server, host } = peer(kind, script, options);
  const address = await server.start();
  await act(address!, host);
  await server.done;
  return server.finish();
}

/** Runs a client peer against what listens at the address. */
export async function call(kind: PeerKind, address: PeerAddress, script: readonly PeerStepBody[]): Promise<PeerRecord> {
  const host = new TestHost();
  host.address = address;
  const { peer: client } = peer(kind, script, {}, host);
  await client.start();
  await client.done;
  return client.finish();
}

/** What the peer saw, in order. */
export function saw(record: PeerRecord): Seen[] {
  return record.lines.map((line) => (line.k === 'saw' ? line.value : null));
}

export const accept: PeerStepBody = { op: 'accept', as: 'connection' };

export const connect: PeerStepBody = { op: 'connect', to: 'server', as: 'connection' };

export function send(text: string | Buffer, chunk?: number): PeerStepBody {
  const parts = [{ bytes: Buffer.from(text).toString('base64') }];
  return { op: 'send', parts, ...(chunk === undefined ? {} : { chunk }) };
}

export const receiveRequest: PeerStepBody = { op: 'receive', what: { kind: 'request', matcher: ANY } };

export const receiveResponse: PeerStepBody = { op: 'receive', what: { kind: 'response', matcher: ANY } };

/** Listens on 127.0.0.1 and hands the address to the test; closes at once behind it. */
export async function listening<Result>(
  server: import('node:net').Server,
  act: (address: PeerAddress) => Promise<Result>,
): Promise<Result> {
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    return await act({ host: '127.0.0.1', port });
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}
