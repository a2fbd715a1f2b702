/** Performs one vector of a wire suite against a server: the peer's part is all there is. */
import type { Credentials } from '../controller/perform.js';
import { createPeer } from '../peers/index.js';
import type { Recording, Vector } from '../plan.js';
import { addressOf, aimedAt, type WireTarget } from './target.js';

/** @returns what was seen; never rejects */
export async function performOnServer(
  vector: Vector,
  target: WireTarget,
  credentials: Credentials,
): Promise<Recording> {
  const started = performance.now();
  const address = addressOf(target, vector);
  const nothing = new Promise<never>(() => {});
  const peers = aimedAt(target, vector).peers.map((script) =>
    createPeer(
      script,
      {
        now: () => performance.now() - started,
        listening: async () => address,
        label: () => nothing,
        mark: () => {},
        value: () => nothing,
      },
      credentials,
    ),
  );
  for (const peer of peers) await peer.start();
  const end = await inTime(Promise.all(peers.map((peer) => peer.done)), vector.timeout);
  const records = await Promise.all(peers.map((peer) => peer.finish()));
  return { ms: performance.now() - started, lines: [], peers: records, exports: {}, end };
}

async function inTime(done: Promise<unknown>, ms: number): Promise<'done' | 'deadline'> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'deadline'>((resolve) => {
    timer = setTimeout(() => resolve('deadline'), ms);
  });
  try {
    return await Promise.race([done.then(() => 'done' as const), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
