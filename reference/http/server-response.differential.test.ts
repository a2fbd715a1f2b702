// The same random programs run against the reference and against Node's own module: the bytes on the wire are the same.

import { createServer as createNodeServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { config, expect } from 'chai';
import * as fc from 'fast-check';
import { describeAgainstNode } from '../testing/against-node.js';
import { createServer } from './index.js';
import { Wire } from './testing/wire.js';

/** What a listener does to its response, one call after the other. */
type Call = readonly [method: string, ...args: unknown[]];

interface Response {
  [method: string]: (...args: unknown[]) => unknown;
}

interface Program {
  request: string;
  calls: readonly Call[];
}

const name = fc.constantFrom(
  'X-A',
  'x-a',
  'Content-Type',
  'Connection',
  'Keep-Alive',
  'Trailer',
  'Date',
  'Vary',
  'Cookie',
);
const value = fc.oneof(
  fc.constantFrom<unknown>('a', '', 'close', 'keep-alive', 'Upgrade', 'chunked', 1, true, null),
  fc.array(fc.constantFrom('a', 'b', 'close'), { maxLength: 3 }),
);
const chunk = fc.constantFrom<unknown>('', 'a', 'bcd', Buffer.from('efgh'), Buffer.alloc(5000, 'i'), 'j'.repeat(9000));
const status = fc.constantFrom(200, 204, 304, 404, 500, 299);

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constant('setHeader'), name, value),
  fc.tuple(fc.constant('setHeader'), fc.constant('Transfer-Encoding'), fc.constantFrom('chunked', 'gzip, chunked')),
  fc.tuple(fc.constant('setHeader'), fc.constant('Content-Length'), fc.constantFrom(0, 4, '4')),
  fc.tuple(fc.constant('appendHeader'), name, fc.constantFrom('b', 'c')),
  fc.tuple(fc.constant('removeHeader'), fc.oneof(name, fc.constantFrom('Content-Length', 'Transfer-Encoding'))),
  fc.tuple(fc.constant('writeHead'), status),
  fc.tuple(fc.constant('writeHead'), status, fc.constant('Reason'), fc.dictionary(name, value, { maxKeys: 3 })),
  fc.tuple(fc.constant('writeHead'), status, fc.constant(['x-l', 'b', 'x-m', 'd'])),
  fc.tuple(fc.constant('flushHeaders')),
  fc.tuple(fc.constant('writeContinue')),
  fc.tuple(fc.constant('addTrailers'), fc.constant({ 'X-T': 't' })),
  fc.tuple(fc.constant('write'), chunk),
  fc.tuple(fc.constant('end'), chunk),
  fc.tuple(fc.constant('end')),
);

const program: fc.Arbitrary<Program> = fc.record({
  request: fc
    .record({
      method: fc.constantFrom('GET', 'HEAD', 'POST'),
      version: fc.constantFrom('1.1', '1.1', '1.0'),
      field: fc.constantFrom('Accept: */*', 'Connection: close', 'Connection: keep-alive', 'TE: chunked'),
    })
    .map(({ method, version, field }) => `${method} / HTTP/${version}\r\nHost: a.example\r\n${field}\r\n\r\n`),
  calls: fc.array(call, { maxLength: 8 }),
});

/** Runs the calls, and `end()` behind them; what they return or throw belongs to the outcome. */
function perform(response: Response, calls: readonly Call[]): string[] {
  const log: string[] = [];
  for (const [method, ...args] of [...calls, ['end'] as Call]) {
    try {
      // Node adds to an array that it was given: each gets its own.
      const result = response[method]!(...args.map((arg) => (Array.isArray(arg) ? [...arg] : arg)));
      log.push(typeof result === 'boolean' ? `${method} ${result}` : method);
    } catch (error) {
      const { name: kind, code, message } = error as NodeJS.ErrnoException;
      log.push(`${method} throws ${kind} ${code} ${message}`);
      // What a head that was refused leaves behind is not the same: Node keeps its status, or the socket corked.
      if (['writeHead', 'flushHeaders', 'write', 'end'].includes(method)) break;
    }
  }
  return log;
}

interface Emitter {
  on(event: 'request', listener: (request: unknown, response: Response) => void): unknown;
  emit(event: 'connection', socket: Duplex): boolean;
}

async function outcome(server: Emitter, { request, calls }: Program): Promise<unknown> {
  const log: string[] = [];
  server.on('request', (_request, response) => {
    for (const event of ['prefinish', 'finish', 'close']) response.on!(event, () => log.push(event));
    response.on!('error', (error: Error) => log.push(`error ${error.message}`));
    log.push(...perform(response, calls));
  });
  const wire = new Wire();
  server.emit('connection', wire);
  wire.push(request);
  for (let i = 0; i < 4; i++) await new Promise(setImmediate);
  const closed = wire.writableEnded || wire.destroyed;
  wire.destroy();
  return { log: [...log], wire: wire.text.replace(/Date: \w{3}, [^\r]*/g, 'Date: now'), closed };
}

config.truncateThreshold = 0;

describeAgainstNode('responses, against those of Node', () => {
  it('are the same bytes for the same calls', async function () {
    this.timeout(0);
    const numRuns = Number(process.env.PLUMBLINE_CASES ?? 300);
    await fc.assert(
      fc.asyncProperty(program, async (given) => {
        const expected = await outcome(createNodeServer() as unknown as Emitter, given);
        const actual = await outcome(createServer() as unknown as Emitter, given);
        expect(JSON.stringify(actual, null, 1)).to.equal(JSON.stringify(expected, null, 1));
      }),
      { numRuns },
    );
  });
});
