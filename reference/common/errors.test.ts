// The reference throws what Node throws: class, code, message, and the first line of the stack.

import * as http from 'node:http';
import { expect } from 'chai';
import { OutgoingMessage, Server, validateHeaderName, validateHeaderValue } from '../http/index.js';

type Module = Pick<typeof http, 'validateHeaderName' | 'validateHeaderValue'> & {
  OutgoingMessage: new () => http.OutgoingMessage;
  Server: new (options: http.ServerOptions) => object;
};

const reference = { OutgoingMessage, Server, validateHeaderName, validateHeaderValue } as unknown as Module;

class Something {}

const VALUES = [
  ...[
    undefined,
    null,
    true,
    0,
    -0,
    -1,
    1.5,
    Number.NaN,
    2 ** 53,
    5n,
    'text',
    'a text that is longer than that',
    "it's",
    'a\nb',
  ],
  ...[Symbol('x'), [], {}, Object.create(null), new Something(), function named() {}, () => {}],
];

const CALLS: [string, (module: Module, value: never) => unknown][] = [
  ['validateHeaderName', (module, value) => module.validateHeaderName(value)],
  [
    'validateHeaderName with a label',
    (module, value) => (module.validateHeaderName as (...args: string[]) => void)(value, 'Label'),
  ],
  ['validateHeaderValue', (module, value) => module.validateHeaderValue('name', value)],
  ['getHeader', (module, value) => new module.OutgoingMessage().getHeader(value)],
  ['setHeaders', (module, value) => void new module.OutgoingMessage().setHeaders(value)],
  ['addTrailers', (module, value) => new module.OutgoingMessage().addTrailers({ 'X-A': value })],
  ['write', (module) => new module.OutgoingMessage().write('x')],
  ['createServer', (module, value) => void new module.Server(value)],
  ...(
    ['maxHeaderSize', 'requestTimeout', 'headersTimeout', 'insecureHTTPParser', 'keepAliveInitialDelay'] as const
  ).map((option): [string, (module: Module, value: never) => unknown] => [
    option,
    (module, value) => void new module.Server({ [option]: value }),
  ]),
];

function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { name, message, code, stack } = error as NodeJS.ErrnoException;
    return { name, message, code, keys: Object.keys(error as Error), text: `${error}`, head: stack?.split('\n')[0] };
  }
}

describe('errors', () => {
  for (const [name, call] of CALLS) {
    it(`are those of Node: ${name}`, () => {
      for (const value of VALUES) {
        const expected = outcome(() => call(http as unknown as Module, value as never));
        expect(outcome(() => call(reference, value as never))).to.deep.equal(expected);
      }
    });
  }
});
