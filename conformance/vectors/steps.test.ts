import { expect } from 'chai';
import type { Step } from '../plan.js';
import { parsePath } from './path.js';
import { only, vectorText } from './testing/texts.js';

/** Steps after which something is expected, so that the vector is whole. */
function steps(lines: string): Step[] {
  return only(vectorText(`do:\n${lines.replace(/^/gm, '  ')}\n  - check: { http.METHODS: !any }`)).steps.slice(0, -1);
}

function step(lines: string): Step {
  const [first, ...more] = steps(lines);
  expect(more).to.deep.equal([]);
  return first!;
}

describe('a call', () => {
  it('has a path, arguments and modes', () => {
    expect(step('- x = await new http.Agent: [1, { a: [true] }]')).to.deep.equal({
      n: 1,
      line: 5,
      text: 'await new http.Agent',
      op: 'call',
      path: parsePath('http.Agent'),
      args: [1, { a: [true] }],
      construct: true,
      await: true,
      bind: 'x',
    });
  });

  it('states how it ends', () => {
    expect(step('- http.get: []\n  throws: { code: X }')).to.deep.include({
      throws: { code: 'X' },
      shape: { code: true },
    });
    expect(step('- await http.get: []\n  rejects: !instance Error')).to.deep.include({
      rejects: { $: 'instance', class: 'Error' },
    });
    expect(step('- http.get: []\n  returns: true')).to.include({ returns: true });
  });
});

describe('a wait', () => {
  const waits: [string, object][] = [
    ['50ms', { op: 'sleep', ms: 50 }],
    ['1.5s', { op: 'sleep', ms: 1500 }],
    ['tick', { op: 'yield', to: 'tick' }],
    ['immediate', { op: 'yield', to: 'immediate' }],
    ['microtask', { op: 'yield', to: 'microtask' }],
    ['process warning', { op: 'wait', labels: [{ label: 'process warning', count: 1 }] }],
    ['process data x 3', { op: 'wait', labels: [{ label: 'process data', count: 3 }] }],
  ];
  for (const [text, expected] of waits) {
    it(`is for a time, a turn or labels: ${text}`, () => {
      expect(step(`- wait: ${text}`)).to.deep.include(expected);
    });
  }
});

describe('a step', () => {
  it('binds in order with let', () => {
    expect(step('- let: { a: 1, b: !ref a }')).to.deep.include({
      items: [
        { name: 'a', value: 1 },
        { name: 'b', value: { $: 'ref', path: parsePath('a') } },
      ],
    });
  });

  it('of on and once is one for each listener', () => {
    const made = steps(
      '- once: { http.globalAgent free: { as: [socket], do: [socket.unref: []] }, process warning: {} }',
    );
    expect(made).to.have.length(2);
    expect(made[0]).to.deep.include({ op: 'on', once: true, event: 'free', path: parsePath('http.globalAgent') });
    expect(made[0]).to.have.nested.property('listener.do[0].text', 'socket.unref');
    expect(made[1]).to.deep.include({ event: 'warning', listener: { $: 'fn', params: [], do: [] } });
  });

  it('listens on a port or on a socket in the temporary directory', () => {
    const made = steps(
      '- let: { s: 1 }\n- listen: s\n- listen: { s: { host: "::1", port: 80 } }\n- listen: { s: { socket: a.sock } }',
    );
    expect(made[1]).to.deep.include({ op: 'listen', name: 's' });
    expect(made[2]).to.deep.include({ host: '::1', port: 80 });
    expect(made[3]).to.deep.include({
      op: 'let',
      items: [{ name: '!temp a.sock', value: { $: 'temp', name: 'a.sock' } }],
    });
    expect(made[4]).to.have.nested.property('socket.root', '!temp a.sock');
  });

  it('reads streams', () => {
    expect(step('- body = consume: process.stdin')).to.deep.include({ op: 'consume', bind: 'body', view: 'string' });
    expect(step('- body = consume buffer: process.stdin')).to.deep.include({ bind: 'body', view: 'Buffer' });
    expect(step('- consume: process.stdin')).not.to.have.property('bind');
    expect(step('- iterate: process.stdin\n  as: chunk\n  limit: 2\n  do: [chunk.toString: []]')).to.deep.include({
      op: 'iterate',
      as: 'chunk',
      limit: 2,
    });
  });

  it('defines a class', () => {
    const made = step(
      `
- class: Mine
  extends: http.Agent
  construct: { params: [a, more], rest: true, super: [!ref a], do: [set: { this.x: 1 }] }
  methods:
    f: { params: [x], do: [return: !ref x] }
    static get g: { do: [return: 1] }
    "[Symbol.dispose]": { async: true, do: [super.close: []] }`.trim(),
    );
    expect(made).to.deep.include({ op: 'class', name: 'Mine', extends: parsePath('http.Agent') });
    expect(made).to.have.deep.nested.property('construct.super', [{ $: 'ref', path: parsePath('a') }]);
    expect(made).to.have.nested.property('construct.rest', true);
    expect((made as Extract<Step, { op: 'class' }>).methods.map(({ fn: _, ...method }) => method)).to.deep.equal([
      { name: 'f' },
      { name: 'g', static: true, get: true },
      { name: parsePath('Symbol.dispose') },
    ]);
  });

  it('may read a built-in module whose name is bound later', () => {
    expect(steps('- new stream.PassThrough: []\n- let: { stream: 1 }')).to.have.length(2);
  });

  it('has a number of its own, at any depth', () => {
    const made = steps('- repeat: 2\n  index: i\n  do: [http.get: [!fn { do: [http.get: []] }]]\n- http.get: []');
    const numbers = [...JSON.stringify(made).matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
    expect(new Set(numbers).size).to.equal(4);
  });
});

describe('a value', () => {
  const values: [string, unknown][] = [
    ['!hex "00 ff"', { $: 'bytes', base64: 'AP8=', view: 'Buffer' }],
    ['!hex 10', { $: 'bytes', base64: 'EA==', view: 'Buffer' }],
    ['!uint8 abc', { $: 'bytes', base64: 'YWJj', view: 'Uint8Array' }],
    ['!buffer 123', { $: 'bytes', base64: 'MTIz', view: 'Buffer' }],
    ['!text { repeat: a, times: 3 }', { $: 'repeat', text: 'a', times: 3, view: 'string' }],
    ['!-infinity ', { $: 'infinity', negative: true }],
    ['!bigint 10', { $: 'bigint', value: '10' }],
    ['.nan', { $: 'nan' }],
    ['!date "2024-01-01"', { $: 'date', iso: '2024-01-01T00:00:00.000Z' }],
    [
      '!error { message: m, name: TypeError, code: E }',
      { $: 'error', name: 'TypeError', message: 'm', props: { code: 'E' } },
    ],
    ['!map [[a, !undefined ]]', { $: 'map', entries: [['a', { $: 'undefined' }]] }],
    ['!headers [[a, 1]]', { $: 'headers', entries: [['a', '1']] }],
    ['!null-proto { a: 1 }', { $: 'object', proto: 'null', entries: [['a', 1]] }],
    ['{ $: 1 }', { $: 'object', proto: 'Object', entries: [['$', 1]] }],
    ['{ __proto__: 1 }', { $: 'object', proto: 'Object', entries: [['__proto__', 1]] }],
    [
      '{ "[http2.sensitiveHeaders]": [a] }',
      { $: 'object', proto: 'Object', entries: [[parsePath('http2.sensitiveHeaders'), ['a']]] },
    ],
    ['!fmt "http://{http.x}/"', { $: 'fmt', parts: ['http://', parsePath('http.x'), '/'] }],
    ['!fn { params: [a], rest: true }', { $: 'fn', params: ['a'], rest: true, do: [] }],
  ];
  for (const [text, expected] of values) {
    it(`is tagged JSON: ${text}`, () => {
      expect(step(`- http.get: [${text}]`)).to.have.deep.property('args', [expected]);
    });
  }
});

describe('a matcher', () => {
  const matchers: [string, unknown][] = [
    ['!gt 5', { $: 'compare', gt: 5 }],
    ['!range [1, 2]', { $: 'compare', gte: 1, lte: 2 }],
    ['!match ^a', { $: 'match', pattern: '^a', flags: '' }],
    ['!match/i ^a', { $: 'match', pattern: '^a', flags: 'i' }],
    ['!one-of [1, !undefined ]', { $: 'one-of', choices: [1, { $: 'undefined' }] }],
    ['!none-of [1]', { $: 'not', matcher: { $: 'one-of', choices: [1] } }],
    ['!contains-all [a, b]', { $: 'contains', items: ['a', 'b'] }],
    ['!contains 5', { $: 'contains', items: [5] }],
    ['!length 3', { $: 'length', matcher: 3 }],
    ['!instance { of: Error, with: { code: X } }', { $: 'instance', class: 'Error', props: { code: 'X' } }],
    ['!partial { a: !absent }', { $: 'partial', props: { a: { $: 'absent' } } }],
    ['!symbol x', { $: 'symbol', description: 'x' }],
  ];
  for (const [text, expected] of matchers) {
    it(`is tagged JSON: ${text}`, () => {
      const vector = only(vectorText(`do: [check: { http.METHODS: ${text} }]`));
      expect(vector.steps[0]).to.have.deep.nested.property('items[0].matcher', expected);
    });
  }

  it('exports the paths it refers to, wherever it stands', () => {
    const vector = only(
      vectorText(`
peer: { http1-server: [accept, receive: { request: { headers: { host: !fmt "h:{peer.port}" } } }, send: [!fmt "{url.href}"]] }
watch: { req: [close] }
do:
  - req = http.get: [!ref http.x]
  - check: { req.agent: !ref http.globalAgent }
trace: [req close: !ref req.y]`),
    );
    expect(vector.exports.map(({ text }) => text).sort()).to.deep.equal([
      'http.globalAgent',
      'peer.port',
      'req.y',
      'url.href',
    ]);
    expect(vector.uses).to.deep.equal(['http']);
  });
});
