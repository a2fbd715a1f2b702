/** Which of several allowed reactions comes first. */
import type { Expected, PeerStep, Seen } from '../plan.js';
import type { Channel } from './channel.js';
import { ConnectionGone, Unmet } from './waits.js';

type AnyOf = Extract<PeerStep, { op: 'any-of' }>;

/**
 * Begins to look for what the step names.
 *
 * @returns a question to be asked after every arrival: what came, with the index of the first choice of its kind (-1: it
 * is none of them); undefined while it may still come
 */
export function reactionTo(channel: Channel, step: AnyOf): () => Seen | undefined {
  const questions = distinct(step).map(({ what, choice }) => {
    return { choice, came: nameOf(what), ask: channel.select({ ...step, op: 'receive', what }) };
  });
  const closed = step.choices.findIndex(({ kind }) => kind === 'closed');
  return () => {
    for (const { choice, came, ask } of questions) {
      try {
        const value = ask();
        if (value !== undefined) return { choice, came, value };
      } catch (error) {
        if (!(error instanceof Unmet)) throw error;
        if (!(error instanceof ConnectionGone)) return { choice: -1, came: error.message };
      }
    }
    const { departure } = channel.connection;
    return departure && { choice: closed, came: 'closed', value: { how: departure.how, ms: 0 } };
  };
}

/** One for each thing to look for: what is read for one question is lost for another of its kind. */
function distinct({ choices, other }: AnyOf): { what: Expected; choice: number }[] {
  const found = new Map<string, { what: Expected; choice: number }>();
  for (const [choice, what] of choices.entries()) {
    if (what.kind === 'closed' || what.kind === 'nothing') continue;
    if (!found.has(nameOf(what))) found.set(nameOf(what), { what, choice });
  }
  if (other && !found.has(nameOf(other))) found.set(nameOf(other), { what: other, choice: -1 });
  return [...found.values()];
}

function nameOf(what: Expected): string {
  if (what.kind === 'message') return `message on stream ${what.stream}`;
  if (what.kind !== 'frame') return what.kind;
  return what.stream === undefined ? what.type : `${what.type} on stream ${what.stream}`;
}
