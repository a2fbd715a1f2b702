// A parser that is measured: the reference's, or the one behind Node's own `node:http`, both as JavaScript sees them. It
// reads for as many seconds as it is asked to, and tells how many messages that were.

import type { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { MessageParser } from '../../protocol/http1/parser.js';
import { answer, cpuSeconds, task } from '../child.js';
import { type ParserWorkload, parserWorkloads } from './parser-workloads.js';

export interface ParserTask {
  workload: string;
  /** Whether the parser is Node's. */
  isNodes: boolean;
}

/** Reads a piece; what comes of it is counted, as an owner would at least. */
type Reader = (piece: Buffer) => void;

let count = 0;

function referenceReader(kind: ParserWorkload['kind']): Reader {
  const parser = new MessageParser(kind);
  return (piece) => {
    parser.push(piece);
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event === 'head') count += parser.head.rawHeaders.length;
      else if (event === 'body') count += parser.body.length;
      else if (event === 'complete') count++;
      else throw new Error(`${parser.error}`);
    }
  };
}

interface NodeParser {
  [callback: number]: (...args: never[]) => unknown;
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void;
  execute(piece: Buffer): unknown;
}

type NodeParserClass = (new () => NodeParser) & Record<string, number>;

function nodeReader(kind: ParserWorkload['kind']): Reader {
  const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as { HTTPParser: NodeParserClass };
  const parser = new HTTPParser();
  parser.initialize(HTTPParser[kind === 'request' ? 'REQUEST' : 'RESPONSE']!, {}, 0, 0);
  parser[HTTPParser.kOnHeadersComplete!] = (...[, , fields]: [number, number, string[] | undefined]) => {
    count += fields?.length ?? 0;
    return 0;
  };
  parser[HTTPParser.kOnHeaders!] = (fields: string[]) => {
    count += fields.length;
  };
  parser[HTTPParser.kOnBody!] = (body: Buffer) => {
    count += body.length;
  };
  parser[HTTPParser.kOnMessageComplete!] = () => {
    count++;
  };
  return (piece) => {
    if (parser.execute(piece) instanceof Error) throw new Error('Node does not like it');
  };
}

/** Reads the same message for so many seconds; returns how many times. */
function readFor(seconds: number): number {
  const until = performance.now() + seconds * 1000;
  let messages = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 1000; i++) for (const piece of pieces) read(piece);
    messages += 1000;
  }
  return messages;
}

const { workload, isNodes } = task<ParserTask>();
const { kind, pieces } = parserWorkloads[workload]!;
const read = isNodes ? nodeReader(kind) : referenceReader(kind);

answer(({ seconds }: { seconds: number }) => {
  const before = { cpu: cpuSeconds(), at: performance.now() };
  const messages = readFor(seconds);
  if (count === 0) throw new Error('nothing was read');
  return { count: messages, seconds: (performance.now() - before.at) / 1000, cpuSeconds: cpuSeconds() - before.cpu };
});
