import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Matcher, Seen } from '../plan.js';
import { type Context, match } from './match.js';
import { error, path, UNDEFINED } from './testing/build.js';

const NONE: Context = { exports: {} };

function matches(matcher: Matcher, seen: Seen, context = NONE): boolean {
  return match(matcher, seen, context) === null;
}

function bytes(text: string, name = 'Buffer'): Seen {
  const data = Buffer.from(text);
  if (data.length <= 16_384) return { $: 'bytes', class: name, base64: data.toString('base64'), length: data.length };
  const base64 = data.subarray(0, 64).toString('base64');
  return { $: 'bytes', class: name, base64, length: data.length, sha256: sha256(data) };
}

function long(text: string): Seen {
  return { $: 'long', head: text.slice(0, 64), length: text.length, sha256: sha256(text) };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function instance(name: string, props: { [key: string]: Seen } = {}, ...bases: string[]): Seen {
  return { $: 'object', class: name, classes: [name, ...bases], props };
}

function nullProto(props: { [key: string]: Seen }): Seen {
  return { $: 'object', class: null, classes: [], props };
}

/** Each row: matcher, values that match, values that do not. */
const TABLE: { [title: string]: [matcher: Matcher, yes: Seen[], no: Seen[]][] } = {
  'plain values': [
    ['a', ['a'], ['b', 1, null, UNDEFINED, ['a'], bytes('a')]],
    [1, [1], ['1', 2, { $: 'nan' }, { $: 'bigint', value: '1' }]],
    [true, [true], [false, 1]],
    [null, [null], [UNDEFINED, 0, {}]],
    [[1, 'a'], [[1, 'a']], [[1], [1, 'a', 2], ['a', 1], 'a', { 0: 1, 1: 'a' }]],
  ],
  maps: [
    [{ a: 1 }, [{ a: 1 }, nullProto({ a: 1 })], [{ a: 1, b: 2 }, {}, { a: 2 }, [1], null, nullProto({ a: 1, b: 2 })]],
    [{}, [{}, nullProto({})], [{ a: 1 }, [], 'x']],
    [{ a: { $: 'undefined' } }, [{ a: UNDEFINED }], [{}]],
    [{ constructor: { $: 'absent' } }, [{}], [{ constructor: 1 }]],
  ],
  'class instances by the properties that are named': [
    [{ a: 1 }, [instance('Agent', { a: 1, b: 2 })], [instance('Agent', { b: 2 })]],
    [
      { a: { $: 'undefined' } },
      [instance('Agent'), instance('Agent', { a: UNDEFINED })],
      [instance('Agent', { a: 1 })],
    ],
  ],
  'errors by the properties that are named': [
    [
      { code: 'E_X' },
      [error('TypeError', 'E_X', 'bad')],
      [error('TypeError', 'E_Y', 'bad'), { code: 'E_X', name: 'E' }],
    ],
    [{ name: 'TypeError', message: 'bad' }, [error('TypeError', 'E_X', 'bad')], [error('Error', 'E_X', 'bad')]],
    [{ code: { $: 'absent' } }, [error('Error', undefined, 'bad')], [error('Error', 'E_X', 'bad')]],
    [
      { cause: 'x' },
      [{ $: 'error', name: 'Error', message: '', classes: ['Error'], props: { cause: 'x' } }],
      [error('Error', undefined, '')],
    ],
  ],
  '!error': [
    [
      { $: 'error', name: 'TypeError', message: 'bad', props: { code: 'E_X' } },
      [error('TypeError', 'E_X', 'bad')],
      [error('Error', 'E_X', 'bad'), error('TypeError', 'E_X', 'worse'), error('TypeError', undefined, 'bad'), 'bad'],
    ],
  ],
  '!null-proto and maps with unusual keys': [
    [{ $: 'object', proto: 'null', entries: [['a', 1]] }, [nullProto({ a: 1 })], [{ a: 1 }, nullProto({ a: 1, b: 2 })]],
    [{ $: 'object', proto: 'Object', entries: [['$', 'x']] }, [{ $: 'plain', entries: [['$', 'x']] }], [{}]],
    [
      { $: 'object', proto: 'Object', entries: [[path('Symbol.x'), 1]] },
      [{ $: 'plain', entries: [['[Symbol.x]', 1]] }],
      [{ $: 'plain', entries: [['[Symbol.y]', 1]] }, {}],
    ],
    [
      { a: 1 },
      [
        {
          $: 'plain',
          entries: [
            ['a', 1],
            ['[secret]', 2],
          ],
        },
      ],
      [
        {
          $: 'plain',
          entries: [
            ['a', 1],
            ['$', 2],
          ],
        },
      ],
    ],
  ],
  'tags for what JSON lacks': [
    [{ $: 'undefined' }, [UNDEFINED], [null, 'undefined']],
    [{ $: 'nan' }, [{ $: 'nan' }], [0]],
    [{ $: 'infinity' }, [{ $: 'infinity' }], [{ $: 'infinity', negative: true }, 1]],
    [{ $: 'infinity', negative: true }, [{ $: 'infinity', negative: true }], [{ $: 'infinity' }]],
    [{ $: 'bigint', value: '10' }, [{ $: 'bigint', value: '10' }], [10]],
    [{ $: 'date', iso: '2024-01-01T00:00:00.000Z' }, [{ $: 'date', iso: '2024-01-01T00:00:00.000Z' }], ['2024-01-01']],
    [{ $: 'url', href: 'http://a/' }, [instance('URL', { href: 'http://a/' })], ['http://a/', instance('URL')]],
    [
      {
        $: 'map',
        entries: [
          ['a', 1],
          ['b', 2],
        ],
      },
      [
        {
          $: 'map',
          entries: [
            ['b', 2],
            ['a', 1],
          ],
        },
      ],
      [
        { $: 'map', entries: [['a', 1]] },
        { a: 1, b: 2 },
      ],
    ],
    [{ $: 'set', items: [1, 2] }, [{ $: 'set', items: [2, 1] }], [{ $: 'set', items: [1, 1] }, [1, 2]]],
    [{ $: 'callback', name: 'x' }, [{ $: 'function', name: 'y' }], ['x']],
  ],
  bytes: [
    [{ $: 'bytes', base64: 'aGk=', view: 'Buffer' }, [bytes('hi')], [bytes('ho'), bytes('hi', 'Uint8Array'), 'hi']],
    [{ $: 'bytes', base64: 'aGk=', view: 'Uint8Array' }, [bytes('hi', 'Uint8Array')], [bytes('hi')]],
    [{ $: 'repeat', text: 'é', times: 2, view: 'Buffer' }, [bytes('éé')], [bytes('é'), 'éé']],
    [
      { $: 'repeat', text: 'abc', times: 50_000, view: 'Buffer' },
      [bytes('abc'.repeat(50_000))],
      [bytes('abd'.repeat(50_000)), bytes('abc'.repeat(49_999)), bytes('abc'.repeat(50_000), 'Uint8Array')],
    ],
  ],
  'long text': [
    [
      { $: 'repeat', text: 'aé', times: 70_000, view: 'string' },
      [long('aé'.repeat(70_000))],
      [long('ab'.repeat(70_000)), long('aé'.repeat(70_001)), bytes('aé'.repeat(70_000))],
    ],
    ['x'.repeat(20_000), [long('x'.repeat(20_000))], [long(`${'x'.repeat(19_999)}y`), 'x']],
    [{ $: 'repeat', text: '', times: 3, view: 'string' }, [''], ['x']],
  ],
  '!any, !absent and !type': [
    [{ $: 'any' }, [1, null, UNDEFINED, {}], []],
    [{ $: 'absent' }, [UNDEFINED], [null, 0, '']],
    [{ a: { $: 'any' } }, [{ a: UNDEFINED }, instance('A')], [{}]],
    [
      { a: 1, b: { $: 'absent' } },
      [{ a: 1 }],
      [
        { a: 1, b: UNDEFINED },
        { a: 1, b: 2 },
      ],
    ],
    [{ $: 'type', type: 'string' }, ['', long('x'.repeat(20_000))], [1, bytes('x')]],
    [{ $: 'type', type: 'number' }, [1.5, { $: 'nan' }, { $: 'infinity' }], ['1']],
    [{ $: 'type', type: 'integer' }, [3], [1.5, { $: 'infinity' }, '3']],
    [
      { $: 'type', type: 'object' },
      [{}, bytes(''), error('Error', undefined, '')],
      [null, [], { $: 'function', name: '' }],
    ],
    [{ $: 'type', type: 'null' }, [null], [UNDEFINED, {}]],
    [{ $: 'type', type: 'array' }, [[]], [{}]],
    [{ $: 'type', type: 'boolean' }, [false], [0]],
    [{ $: 'type', type: 'undefined' }, [UNDEFINED], [null]],
    [{ $: 'type', type: 'function' }, [{ $: 'function', name: '' }], [{}]],
    [{ $: 'type', type: 'symbol' }, [{ $: 'symbol', description: 'x' }], ['x']],
  ],
  '!match and numbers': [
    [{ $: 'match', pattern: '^fo+$', flags: 'i' }, ['FOO'], ['bar', 1, ['foo']]],
    [{ $: 'compare', gt: 0 }, [1, { $: 'infinity' }], [0, -1, '1', { $: 'nan' }, UNDEFINED]],
    [{ $: 'compare', gte: 1, lte: 3 }, [1, 3, { $: 'bigint', value: '2' }], [0, 4]],
    [{ $: 'compare', lt: 1 }, [0, { $: 'infinity', negative: true }], [1]],
  ],
  combinations: [
    [{ $: 'one-of', choices: [1, { $: 'type', type: 'string' }] }, [1, 'x'], [2, null]],
    [{ a: { $: 'one-of', choices: [1, { $: 'absent' }] } }, [{ a: 1 }, {}], [{ a: 2 }]],
    [{ $: 'not', matcher: 1 }, [2, '1'], [1]],
    [{ a: { $: 'not', matcher: { $: 'absent' } } }, [{ a: 1 }], [{}]],
    [{ $: 'contains', items: [1, { a: 1 }] }, [[{ a: 1 }, 2, 1]], [[1], [{ a: 1 }], '1']],
    [{ $: 'contains', items: ['oo', 'f'] }, ['foo', ['f', 'oo']], ['fo', ['foo']]],
    [
      { $: 'partial', props: { a: 1 } },
      [{ a: 1, b: 2 }, nullProto({ a: 1, b: 2 })],
      [{ b: 2 }, instance('A', { a: 1 }), 1],
    ],
    [
      { $: 'unordered', items: [{ $: 'type', type: 'number' }, 1] },
      [
        [1, 2],
        [2, 1],
      ],
      [[1], [2, 3], [1, 2, 3], 'x'],
    ],
    [{ $: 'length', matcher: 3 }, ['abc', [1, 2, 3], bytes('abc')], ['ab', { length: 3 }, 3]],
    [{ $: 'length', matcher: { $: 'compare', gt: 16_384 } }, [long('x'.repeat(20_000))], ['x']],
  ],
  'classes and functions': [
    [{ $: 'instance', class: 'Error' }, [error('TypeError', undefined, '')], [instance('Agent'), 'Error']],
    [{ $: 'instance', class: 'Agent' }, [instance('Mine', {}, 'Agent')], [{ class: 'Agent' }]],
    [{ $: 'instance', class: 'Error', props: { code: 'E' } }, [error('Error', 'E', '')], [error('Error', 'F', '')]],
    [{ $: 'instance', class: 'Uint8Array' }, [bytes(''), bytes('', 'Uint8Array')], [bytes('', 'DataView')]],
    [{ $: 'instance', class: 'Array' }, [[]], [{}]],
    [{ $: 'instance', class: 'Object' }, [{}, [], instance('A')], [nullProto({}), null, 'x']],
    [{ $: 'function' }, [{ $: 'function', name: 'x' }], [{}, 'function']],
    [{ $: 'symbol', description: 'x' }, [{ $: 'symbol', description: 'x' }], [{ $: 'symbol', description: 'y' }, 'x']],
  ],
};

describe('match', () => {
  for (const [title, rows] of Object.entries(TABLE)) {
    it(title, () => {
      for (const [matcher, yes, no] of rows) {
        for (const seen of yes) expect(match(matcher, seen, NONE), `${show(matcher)} ${show(seen)}`).to.equal(null);
        for (const seen of no) expect(matches(matcher, seen), `${show(matcher)} not ${show(seen)}`).to.equal(false);
      }
    });
  }

  it('matches what a path evaluated to', () => {
    const exports = { 'peer.port': 80, 'a.list': [1, { b: 2 }] };
    expect(matches({ $: 'ref', path: path('a.list') }, [1, { b: 2 }], { exports })).to.equal(true);
    expect(matches({ $: 'ref', path: path('a.list') }, [1], { exports })).to.equal(false);
    const url: Matcher = { $: 'fmt', parts: ['http://a:', path('peer.port'), '/'] };
    expect(matches(url, 'http://a:80/', { exports })).to.equal(true);
    expect(matches(url, 'http://a:81/', { exports })).to.equal(false);
  });

  it('never matches a path that was not defined, not even undefined', () => {
    expect(match({ $: 'ref', path: path('x.y') }, UNDEFINED, NONE)).to.include({
      expected: 'x.y, which was never defined',
    });
    expect(matches({ $: 'fmt', parts: [path('x.y')] }, '', NONE)).to.equal(false);
  });

  it('finds a symbol key by its description', () => {
    const exports = { 'http2.sensitiveHeaders': { $: 'symbol', description: 'sensitive' } as const };
    const matcher: Matcher = { $: 'object', proto: 'Object', entries: [[path('http2.sensitiveHeaders'), ['a']]] };
    expect(matches(matcher, nullProto({ '[sensitive]': ['a'] }), { exports })).to.equal(true);
    expect(matches(matcher, nullProto({ '[sensitive]': [] }), { exports })).to.equal(false);
  });

  it('names the place, what was expected and what was seen', () => {
    expect(match({ headers: { host: 'a' } }, { headers: { host: 'b' } }, NONE)).to.deep.equal({
      path: '.headers.host',
      expected: '"a"',
      actual: '"b"',
    });
    expect(match({ 'set-cookie': ['a', 'b'] }, { 'set-cookie': ['a', 'c'] }, NONE)?.path).to.equal('[set-cookie][1]');
    expect(match({ a: 1 }, { a: 1, b: 2 }, NONE)).to.deep.equal({ path: '.b', expected: 'absent', actual: '2' });
    expect(match({ a: 1 }, {}, NONE)).to.deep.equal({ path: '.a', expected: '1', actual: 'absent' });
    expect(match(['a'], ['a', 'b'], NONE)?.actual).to.equal('2 items: ["a", "b"]');
  });

  it('shows long texts where they differ', () => {
    const mismatch = match(`${'x'.repeat(300)}a`, `${'x'.repeat(300)}b`, NONE);
    expect(mismatch?.expected).to.match(/xa" \(301 chars, differing at 300\)$/);
    expect(mismatch?.actual).to.match(/xb" /);
  });

  it('throws on what cannot be a matcher', () => {
    expect(() => match({ $: 'temp', name: 'x' }, 'x', NONE)).to.throw('path of x is no matcher');
    expect(() => match({ $: 'nonsense' } as unknown as Matcher, 'x', NONE)).to.throw('nonsense');
  });

  describe('on the wire', () => {
    const wire: Context = { exports: {}, wire: 'utf8' };

    it('compares maps in part, however deep', () => {
      const seen: Seen = { method: 'GET', headers: { host: 'a', date: 'x' }, trailers: {} };
      expect(matches({ headers: { host: 'a' } }, seen, wire)).to.equal(true);
      expect(matches({ headers: { host: 'a', cookie: { $: 'absent' } } }, seen, wire)).to.equal(true);
      expect(matches({ headers: { date: { $: 'absent' } } }, seen, wire)).to.equal(false);
      expect(matches({ headers: { cookie: { $: 'any' } } }, seen, wire)).to.equal(false);
      expect(matches({}, seen, wire)).to.equal(true);
    });

    it('takes an empty map within a message at its word', () => {
      expect(matches({ trailers: {} }, { trailers: {} }, wire)).to.equal(true);
      expect(matches({ trailers: {} }, { trailers: { a: 'b' } }, wire)).to.equal(false);
    });

    it('compares text and bytes, whichever the peer made of them', () => {
      const hex: Matcher = { $: 'bytes', base64: Buffer.from('é').toString('base64'), view: 'Buffer' };
      expect(matches(hex, 'é', wire)).to.equal(true);
      expect(matches(hex, 'é', { exports: {}, wire: 'latin1' })).to.equal(false);
      expect(matches(hex, Buffer.from('é').toString('latin1'), { exports: {}, wire: 'latin1' })).to.equal(true);
      expect(matches('é', bytes('é'), wire)).to.equal(true);
      const repeated: Matcher = { $: 'repeat', text: 'é', times: 20_000, view: 'Buffer' };
      expect(matches(repeated, long('é'.repeat(20_000)), wire)).to.equal(true);
      expect(matches(repeated, long('e'.repeat(20_000)), wire)).to.equal(false);
    });
  });
});

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 200);
}
