// The same random programs and the same random responses, for the reference's client and for Node's own: the bytes on
// the wire, and what the program hears, are the same.
//
// PLUMBLINE_CASES=100000 for a long run; PLUMBLINE_SEED to begin elsewhere.

import { get as nodeGet, request as nodeRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { config, expect } from 'chai';
import fc from 'fast-check';
import { cut, cuts, streamOf } from '../protocol/http1/testing/streams.js';
import { describeAgainstNode, SAME_PARSER } from '../testing/against-node.js';
import { get, request } from './index.js';
import { Wire } from './testing/wire.js';

type Emitter = NodeJS.EventEmitter;
type Method = (...args: unknown[]) => unknown;
type Request = Emitter & Record<string, Method>;
type Response = Emitter & Record<string, unknown> & { resume(): unknown };
type MakeRequest = (options: object) => unknown;

const numRuns = Number(process.env.PLUMBLINE_CASES ?? 300);
const seed = process.env.PLUMBLINE_SEED;
const parameters = { numRuns, ...(seed !== undefined && { seed: Number(seed) }) };

// ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface Program {
  options: Record<string, unknown>;
  calls: readonly (readonly [method: string, ...args: unknown[]])[];
}

const name = fc.constantFrom('X-A', 'x-a', 'Host', 'Connection', 'Cookie', 'Authorization', 'Trailer', 'TE');
const value = fc.oneof(
  fc.constantFrom<unknown>('a', '', 'close', 'keep-alive', 'Upgrade', 1, true, null, 'b\r\nc', undefined),
  fc.array(fc.constantFrom('a', 'b', 'close'), { minLength: 1, maxLength: 3 }),
);
const framing = fc.constantFrom<[string, unknown]>(
  ['Content-Length', 4],
  ['content-length', '3'],
  ['Transfer-Encoding', 'chunked'],
  ['transfer-encoding', 'gzip, chunked'],
);
const chunk = fc.constantFrom<unknown>(
  '',
  'a',
  'bcd',
  'é',
  Buffer.from('efgh'),
  Buffer.alloc(5000, 'i'),
  'j'.repeat(9000),
);
const field = fc.oneof({ weight: 3, arbitrary: fc.tuple(name, value) }, { weight: 1, arbitrary: framing });

/** Node sends the body of other methods bare, which is not as documented. */
const methods = fc.constantFrom('POST', 'PUT', 'PATCH', 'post', 'PROPFIND');

const program: fc.Arbitrary<Program> = fc.record({
  options: fc.record(
    {
      host: fc.constantFrom('a.test', '::1', '[::1]', 'a:b'),
      port: fc.constantFrom(80, 8080, '81'),
      defaultPort: fc.constantFrom(80, 8080),
      method: methods,
      path: fc.constantFrom('/', '/a?b=c#d', '*', '', '/a b', 'http://b.test/'),
      auth: fc.constantFrom('u:p', 'ü:', ''),
      headers: fc.array(field, { maxLength: 4 }).map((list) => Object.fromEntries(list)),
      setHost: fc.boolean(),
      uniqueHeaders: fc.constantFrom(['x-a'], ['X-A', 'cookie']),
    },
    { requiredKeys: ['method'] },
  ),
  calls: fc.array(
    fc.oneof(
      fc.tuple(fc.constant('setHeader'), name, value),
      framing.map(([key, given]) => ['setHeader', key, given] as const),
      fc.tuple(fc.constant('appendHeader'), name, fc.constantFrom('b', 'c')),
      fc.tuple(fc.constant('removeHeader'), fc.oneof(name, fc.constantFrom('Content-Length', 'Transfer-Encoding'))),
      fc.constant(['flushHeaders'] as const),
      fc.constant(['addTrailers', { 'X-T': 't' }] as const),
      fc.tuple(fc.constant('write'), chunk),
      fc.tuple(fc.constant('end'), chunk),
    ),
    { maxLength: 7 },
  ),
});

/** A copy: Node adds to arrays that it was given. */
function fresh<T>(value: T): T {
  if (Array.isArray(value)) return value.map(fresh) as T;
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fresh(item)])) as T;
}

async function sent(make: MakeRequest, given: Program): Promise<unknown> {
  const { options, calls } = fresh(given);
  const wire = new Wire();
  const log: string[] = [];
  const attempt = (what: string, action: () => unknown): boolean => {
    try {
      const result = action();
      log.push(typeof result === 'boolean' ? `${what} ${result}` : what);
      return true;
    } catch (error) {
      const { name: kind, code, message } = error as NodeJS.ErrnoException;
      log.push(`${what} throws ${kind} ${code} ${message}`);
      return false;
    }
  };
  let made: Request | undefined;
  attempt('request', () => {
    made = make({ ...options, createConnection: () => wire }) as Request;
  });
  if (made === undefined) return log;
  for (const event of ['finish', 'close']) made.on(event, () => log.push(event));
  made.on('error', (error: Error) => log.push(`error ${error.message}`));
  for (const [method, ...args] of [...calls, ['end'] as const]) {
    const went = attempt(method, () => made![method]!(...args));
    // What a head that was refused leaves behind is not the same.
    if (!went && ['flushHeaders', 'write', 'end'].includes(method)) break;
  }
  for (let i = 0; i < 3; i++) await immediate();
  const heard = [...log];
  made.destroy!();
  await immediate();
  return { log: heard, wire: wire.text };
}

// ── What is received ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Exchange {
  method: string;
  lenient: boolean;
  keepAlive: boolean;
  maxHeaderSize: number;
  upgrades: boolean;
  pieces: readonly Buffer[];
  ends: boolean;
}

const exchange: fc.Arbitrary<Exchange> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
  lenient: fc.constantFrom(false, false, false, true),
  keepAlive: fc.boolean(),
  maxHeaderSize: fc.constantFrom(0, 0, 0, 100),
  upgrades: fc.boolean(),
  pieces: fc.tuple(streamOf('response'), cuts).map(([bytes, places]) => cut(bytes, places)),
  ends: fc.boolean(),
});

function errorLine(error: Error & { code?: string; bytesParsed?: number }): string {
  const { code, bytesParsed, message } = error;
  return SAME_PARSER ? `${code} ${message} ${bytesParsed}` : `${code}`;
}

/** What is heard of one exchange, and whether its connection stays open. */
async function received(make: MakeRequest, given: Exchange): Promise<unknown> {
  const { method, lenient, keepAlive, maxHeaderSize, upgrades, pieces, ends } = given;
  const wire = new Wire();
  const log: string[] = [];
  const options = { method, host: 'a.test', createConnection: () => wire, headers: {}, agent: undefined };
  if (keepAlive) options.headers = { Connection: 'keep-alive' };
  const made = make({
    ...options,
    ...(lenient && { insecureHTTPParser: true }),
    ...(maxHeaderSize > 0 && { maxHeaderSize }),
  }) as Request;
  let body = '';
  const head = ({ statusCode, statusMessage, httpVersion, rawHeaders }: Record<string, unknown>): string =>
    JSON.stringify([statusCode, statusMessage, httpVersion, rawHeaders]);
  made.on('error', (error: Error) => log.push(`error ${errorLine(error)}`));
  made.on('continue', () => log.push('continue'));
  made.on('information', (info: Response) => log.push(`information ${head(info)}`));
  if (upgrades) {
    made.on('upgrade', (response: Response, socket: Duplex, rest: Buffer) => {
      log.push(`upgrade ${head(response)} ${rest.toString('latin1')}`);
      socket.destroy();
    });
  }
  made.on('response', (response: Response) => {
    log.push(`response ${head(response)} ${JSON.stringify(response.headers)}`);
    response.on('data', (bytes: Buffer) => {
      body += bytes.toString('latin1');
    });
    response.on('aborted', () => log.push(`aborted ${body}`));
    response.on('error', (error: Error) => log.push(`response error ${errorLine(error)}`));
    response.on('end', () => log.push(`end ${body} ${JSON.stringify(response.rawTrailers)}`));
  });
  let closes = 0;
  made.on('close', () => closes++);
  made.end!();
  await immediate();
  for (const piece of pieces) {
    if (wire.destroyed) break;
    wire.push(piece);
    await immediate();
  }
  if (ends && !wire.destroyed) wire.push(null);
  for (let i = 0; i < 4; i++) await immediate();
  const outcome = { log: [...log].sort(), closed: closes > 0 };
  wire.destroy();
  await immediate();
  return outcome;
}

/** What the reference does otherwise on purpose. */
function differs({ pieces, ends }: Exchange, expected: { log: string[] }): boolean {
  const all = Buffer.concat([...pieces]).toString('latin1');
  // 1xx responses have no content, whatever their fields say (RFC 9110 §15.2); a parser of Node's reads some.
  if (/ 1\d\d/.test(all)) return true;
  // Behind a response that says all, Node goes on to look for faults; and leaves a half-closed Duplex open.
  return (
    expected.log.some((line) => line.startsWith('end')) && (!ends || expected.log.some((l) => l.startsWith('error')))
  );
}

async function expectSame<T>(run: (make: MakeRequest, given: T) => Promise<unknown>, given: T): Promise<void> {
  const expected = await run(nodeRequest as unknown as MakeRequest, given);
  if (run === (received as unknown) && differs(given as Exchange, expected as { log: string[] })) return;
  const actual = await run(request as unknown as MakeRequest, given);
  expect(JSON.stringify(actual, null, 1)).to.equal(JSON.stringify(expected, null, 1));
}

describeAgainstNode('requests, against those of Node', () => {
  before(() => {
    config.truncateThreshold = 0;
  });

  it('are the same bytes for the same calls', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(program, (given) => expectSame(sent, given)),
      parameters,
    );
  });

  it('hear the same for the same bytes', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(exchange, (given) => expectSame(received, given)),
      parameters,
    );
  });

  it('have the same parameters', () => {
    expect([request.length, get.length]).to.deep.equal([nodeRequest.length, nodeGet.length]);
  });
});
