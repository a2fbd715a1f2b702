// What the parser makes of bytes, as values that can be compared.
import type { Buffer } from 'node:buffer';
import { Flag } from '../head.js';
import type { ParseError } from '../parse-error.js';
import { MessageParser } from '../parser.js';

/** What a parser is, and what its owner does with each head: nothing, `skipBody`, `switchProtocols`. */
export interface Setup {
  kind: 'request' | 'response';
  lenient: boolean;
  maxHeaderSize: number;
  /** For the n-th head, round about. */
  answers: readonly (0 | 1 | 2)[];
}

export type Event = readonly unknown[];

export function pushBody(events: Event[], body: Buffer): void {
  const last = events.at(-1)!;
  const text = body.toString('latin1');
  if (last[0] === 'body') events[events.length - 1] = ['body', `${last[1]}${text}`];
  else events.push(['body', text]);
}

/** Whatever follows is not compared. */
export const UNKNOWN: Event = ['unknown'];

/** How an error is shown, having come with a chunk. */
type ErrorEvent = (error: ParseError, chunk: number | 'end') => Event;

/** What the parser says, until the owner leaves with an upgrade. */
export function record(setup: Setup, chunks: readonly Buffer[], errorEvent: ErrorEvent): Event[] {
  const { kind, lenient, maxHeaderSize } = setup;
  const parser = new MessageParser(kind, { lenient, ...(maxHeaderSize > 0 && { maxHeaderSize }) });
  const { head } = parser;
  const events: Event[] = [];
  let heads = 0;
  let isChunked = false;
  /** False when the owner takes over. */
  const drain = (chunk: number | 'end'): boolean => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event === 'head') {
        isChunked = head.has(Flag.CHUNKED);
        const line = kind === 'request' ? [head.method, head.target] : [head.statusCode, head.reason];
        const version = `${head.versionMajor}.${head.versionMinor}`;
        events.push(['head', ...line, version, head.rawHeaders, parser.keepAlive, head.upgrade]);
        const answer = setup.answers[heads++ % setup.answers.length]!;
        if (answer === 1) parser.skipBody();
        if (answer === 2) parser.switchProtocols();
      } else if (event === 'body') {
        pushBody(events, parser.body);
      } else if (event === 'complete') {
        events.push(['complete', parser.trailers]);
        if (head.upgrade || head.statusCode === 101) return false;
        // A lenient parser of Node's takes a length that it did not use for the first digits of the next one.
        const used = events.at(-2)![0] === 'body' && !isChunked;
        if (lenient && !parser.keepAlive && head.contentLength > 0 && !used) {
          events.push(UNKNOWN);
          return false;
        }
      } else {
        // Node says nothing of faults in the content of a request that asks for an upgrade.
        if (!head.upgrade) events.push(errorEvent(parser.error!, chunk));
        return false;
      }
    }
    return true;
  };
  for (const [index, chunk] of chunks.entries()) {
    parser.push(chunk);
    if (!drain(index)) return events;
  }
  parser.end();
  drain('end');
  return events;
}

/** A line for each event, so that a failure shows them all. */
export function show(events: readonly Event[]): string {
  return events.map((event) => JSON.stringify(event)).join('\n');
}
