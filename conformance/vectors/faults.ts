/** What is wrong with a file, where, and what was probably meant. */

export interface Fault {
  /** Relative to the vectors' root. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

/** `file:line:column: message`. */
export function formatFault(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}`;
}

/** Sorted by place, each said once. */
export function inOrder(faults: Fault[]): Fault[] {
  const sorted = [...faults].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
  );
  const said = new Set<string>();
  return sorted.filter((fault) => {
    const text = formatFault(fault);
    return !said.has(text) && said.add(text);
  });
}

/** A text that does not parse; `index` is the offset in it. */
export class Slip extends Error {
  readonly index: number;

  constructor(message: string, index = 0) {
    super(message);
    this.index = index;
  }
}

/** `: did you mean "x"?` for the candidate that is spelt most alike, or nothing. */
export function meant(word: string, candidates: Iterable<string>): string {
  const best = nearest(word, candidates);
  return best === undefined ? '' : `: did you mean "${best}"?`;
}

/** No suggestion further away than this. */
const MOST_EDITS = 3;

/** The candidate that is spelt most alike, if any is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = bare(word);
  let least = Math.min(MOST_EDITS, Math.max(1, Math.floor(word.length / 3))) + 1;
  let best: string | undefined;
  for (const candidate of candidates) {
    const longer = plain.length >= 3 && bare(candidate).startsWith(plain);
    const distance = longer ? Math.min(1, least - 1) : edits(plain, bare(candidate), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

const bareForms = new Map<string, string>();

/** Without what is easily confused: capitals, dashes, underscores. */
function bare(word: string): string {
  let form = bareForms.get(word);
  if (form === undefined) bareForms.set(word, (form = word.toLowerCase().replaceAll(/[-_ ]/g, '')));
  return form;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other; `limit` when as many or more. */
function edits(from: string, to: string, limit: number): number {
  if (from === to) return 0;
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    before = row;
    row = next;
  }
  return Math.min(limit, row[to.length]!);
}

/** `a, b and c`. */
export function enumerate(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
