import { expect } from 'chai';
import type { Matcher } from '../plan.js';
import { shapeOf, union } from './shape.js';

describe('the shape of a matcher', () => {
  const shapes: [string, Matcher, unknown][] = [
    ['a primitive', 'x', true],
    ['a map', { a: 1, b: { c: 2 } }, { a: true, b: { c: true } }],
    ['a map in part', { $: 'partial', props: { a: 1 } }, { a: true }],
    ['an instance', { $: 'instance', class: 'Error', props: { cause: { code: 'X' } } }, { cause: { code: true } }],
    ['an instance by its class alone', { $: 'instance', class: 'Error' }, true],
    ['a list of primitives', [1, 2], true],
    ['a list of maps', [{ a: 1 }, { b: 1 }], { '*': { a: true, b: true } }],
    ['one of several', { $: 'one-of', choices: [null, { a: 1 }, { b: 1 }] }, { a: true, b: true }],
    ['not', { $: 'not', matcher: { a: 1 } }, { a: true }],
    ['an item', { $: 'contains', items: [{ a: 1 }] }, { '*': { a: true } }],
    ['an object without prototype', { $: 'object', proto: 'null', entries: [['a', { b: 1 }]] }, { a: { b: true } }],
    ['a path', { $: 'ref', path: { root: 'a', steps: [], text: 'a' } }, true],
  ];
  for (const [name, matcher, shape] of shapes) {
    it(`asks for the properties that are compared: ${name}`, () => {
      expect(shapeOf(matcher)).to.deep.equal(shape);
    });
  }

  it('joins with another to ask for both', () => {
    expect(union({ a: true, b: { c: true } }, { b: { d: true } })).to.deep.equal({ a: true, b: { c: true, d: true } });
    expect(union(true, { a: true })).to.deep.equal({ a: true });
  });
});
