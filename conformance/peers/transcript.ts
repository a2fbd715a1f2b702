import type { TranscriptEntry } from '../plan.js';

/** Longest text of an entry, and of all entries together, in characters: a flood must not exhaust memory. */
export const ENTRY_LIMIT = 2_048;
export const TOTAL_LIMIT = 1_048_576;

/** What an entry costs beside its text. */
const ENTRY_COST = 64;

/** All that crossed a peer's connections, in order. */
export class Transcript {
  readonly #entries: { connection: { name: string }; entry: Omit<TranscriptEntry, 'connection'> }[] = [];
  #room = TOTAL_LIMIT;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** False once the limit is reached: what would be added need not be described. */
  get open(): boolean {
    return this.#room > 0;
  }

  /** @param connection - named later, when the script accepts it */
  add(connection: { name: string }, kind: TranscriptEntry['kind'], text?: string): void {
    if (!this.open) return;
    this.#room -= ENTRY_COST + (text?.length ?? 0);
    const shown = this.open ? text : `${text ?? ''} [the transcript ends here: it has reached its limit]`;
    this.#entries.push({
      connection,
      entry: { t: this.#now(), kind, ...(shown === undefined ? {} : { text: shown }) },
    });
  }

  entries(): TranscriptEntry[] {
    return this.#entries.map(({ connection, entry: { t, ...rest } }) => ({ t, connection: connection.name, ...rest }));
  }
}

const ESCAPES: { [char: string]: string } = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\' };

/** Bytes as printable ASCII with `\r`, `\n`, `\t`, `\\` and `\x00`, cut at ENTRY_LIMIT. */
export function escapeBytes(bytes: Buffer): string {
  const text = bytes
    .toString('latin1', 0, ENTRY_LIMIT)
    .replace(
      /[^\x20-\x5b\x5d-\x7e]/g,
      (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return clip(text, bytes.length > ENTRY_LIMIT || text.length > ENTRY_LIMIT ? ` … (${bytes.length} bytes)` : '');
}

/** The text, cut at ENTRY_LIMIT. */
export function clip(text: string, suffix = text.length > ENTRY_LIMIT ? ' …' : ''): string {
  return text.slice(0, ENTRY_LIMIT) + suffix;
}
