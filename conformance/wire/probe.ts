/** Whether a server speaks HTTP at all, so that one that does not costs one line in place of a hundred verdicts. */
import type { Credentials } from '../controller/perform.js';
import type { Recording, Vector } from '../plan.js';
import { performOnServer } from './perform.js';
import { authorityOf, WireFault, type WireTarget } from './target.js';

/** Milliseconds in which a server must answer a plain request. */
const PROBE = 5_000;

/** A vector of the suite that any server passes: a plain GET. */
export type Plain = (version: 'http1' | 'http2') => Vector;

/**
 * @param wanted - a version must be spoken; without it those that are not are left out
 * @returns the versions that the server speaks
 * @throws WireFault when it speaks none of them
 */
export async function probe(
  target: WireTarget,
  wanted: readonly ('http1' | 'http2')[],
  plain: Plain,
  credentials: Credentials,
): Promise<('http1' | 'http2')[]> {
  const spoken: ('http1' | 'http2')[] = [];
  const reasons: string[] = [];
  for (const version of wanted) {
    const recording = await performOnServer({ ...plain(version), timeout: PROBE }, target, credentials);
    const fault = faultOf(recording);
    if (fault === undefined) spoken.push(version);
    else reasons.push(`${version === 'http1' ? 'HTTP/1.1' : 'HTTP/2'}: ${fault}`);
  }
  if (spoken.length > 0) return spoken;
  throw new WireFault(`${authorityOf(target)} answers no plain request (${[...new Set(reasons)].join('; ')})`);
}

function faultOf({ end, peers: [record] }: Recording): string | undefined {
  if (record?.failed) return record.failed.message;
  return end === 'deadline' ? `no answer within ${PROBE / 1000} s` : undefined;
}
