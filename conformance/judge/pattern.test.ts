import { expect } from 'chai';
import fc from 'fast-check';
import type { Pattern } from '../plan.js';
import { LineJudge, type TraceLine } from './lines.js';
import { follow } from './pattern.js';
import { anyOrder, event, events, line, seq } from './testing/build.js';

function run(pattern: Pattern, lines: TraceLine[]) {
  return follow(pattern, new LineJudge(lines, { exports: {} }));
}

function accepts(pattern: Pattern, labels: string): boolean {
  return run(pattern, events(...labels.split(' ').filter(Boolean))).accepted;
}

/** Each row: pattern, traces that it accepts, traces that it does not. */
const OPERATORS: { [title: string]: [pattern: Pattern, yes: string[], no: string[]] } = {
  'an empty trace': [seq(), [''], ['a']],
  'lines in order': [seq('a', 'b'), ['a b'], ['', 'a', 'b a', 'a b b', 'x a b']],
  'one or more': [seq('a +', 'b'), ['a b', 'a a a b'], ['b', 'a a']],
  'zero or more': [seq('a *', 'b'), ['b', 'a a b'], ['a', 'b a']],
  'zero or one': [seq('a ?', 'b'), ['b', 'a b'], ['a a b']],
  'a number of times': [seq(line('a', { min: 2, max: 3 })), ['a a', 'a a a'], ['a', 'a a a a']],
  'at least so many times': [seq(line('a', { min: 2, max: null })), ['a a', 'a a a a'], ['a']],
  'what may stand before the same': [seq('a *', 'a'), ['a', 'a a'], ['']],
  columns: [anyOrder(['a', 'b'], ['c']), ['a b c', 'a c b', 'c a b'], ['b a c', 'a b', 'a b c c', 'a c c b']],
  'a line after columns': [seq(anyOrder(['a'], ['b']), 'c'), ['a b c', 'b a c'], ['a c b', 'c a b']],
  'columns within columns': [
    anyOrder(['a', anyOrder(['b'], ['c']), 'd'], ['x']),
    ['a b c d x', 'x a c b d', 'a c x b d'],
    ['a d b c x', 'b a c d x'],
  ],
  'columns that share lines': [
    anyOrder(['a', 'b'], ['a', 'c']),
    ['a a b c', 'a c a b', 'a b a c'],
    ['a b c a', 'a b c'],
  ],
  'repetition in columns': [anyOrder(['a +'], ['b *']), ['a', 'a b a b', 'b a'], ['b', '']],
};

describe('follow', () => {
  for (const [title, [pattern, yes, no]] of Object.entries(OPERATORS)) {
    it(title, () => {
      for (const trace of yes) expect(accepts(pattern, trace), trace).to.equal(true);
      for (const trace of no) expect(accepts(pattern, trace), `not ${trace}`).to.equal(false);
    });
  }

  it('compares data by argument, further arguments not at all', () => {
    const pattern = seq(line('a', { data: [1, { $: 'absent' }] }), line('b', { data: ['x'] }));
    expect(run(pattern, [event(1, 'a', 1), event(2, 'b', 'x', 'y')]).accepted).to.equal(true);
    expect(run(pattern, [event(1, 'a', 1, 2), event(2, 'b', 'x')]).accepted).to.equal(false);
  });

  it('tells a null argument from one that was not given', () => {
    const wanted = seq(line('cb()', { data: [null] }));
    expect(run(wanted, [event(1, 'cb()', null)]).accepted).to.equal(true);
    expect(run(wanted, [event(1, 'cb()')]).accepted).to.equal(false);
  });

  it('lets data choose the column', () => {
    const pattern = anyOrder([line('a', { data: [1] }), 'b'], [line('a', { data: [2] }), 'c']);
    const labels = [event(1, 'a', 2), event(2, 'c'), event(3, 'a', 1), event(4, 'b')];
    expect(run(pattern, labels).accepted).to.equal(true);
    expect(run(pattern, [labels[0]!, labels[3]!, labels[1]!, labels[2]!]).accepted).to.equal(false);
  });

  it('holds lines to their time window, both ends included', () => {
    const within = (t: number, window: object) => run(seq(line('a', window)), [event(t, 'a')]).accepted;
    expect(within(90, { after: 90 })).to.equal(true);
    expect(within(89.9, { after: 90 })).to.equal(false);
    expect(within(100, { before: 100 })).to.equal(true);
    expect(within(101, { before: 100 })).to.equal(false);
  });

  it('counts from the latest line that is named', () => {
    const pattern = seq('a +', line('b', { after: 50, before: 60, since: 'a' }));
    expect(run(pattern, [event(0, 'a'), event(50, 'a'), event(105, 'b')]).accepted).to.equal(true);
    expect(run(pattern, [event(0, 'a'), event(10, 'a'), event(55, 'b')]).accepted).to.equal(false);
    const own = seq(line('b', { since: 'b', after: 1 }));
    expect(run(own, [event(5, 'b')]).accepted).to.equal(false);
  });

  it('tells how far the trace could be followed and what was expected there', () => {
    const followed = run(seq('a', anyOrder(['b ?', 'c'], ['d'])), events('a', 'd', 'x'));
    expect(followed.taken.map(({ label }) => label)).to.deep.equal(['a', 'd']);
    expect(followed.expected.map(({ line: { label }, required }) => [label, required])).to.have.deep.members([
      ['b', false],
      ['c', true],
    ]);
    expect(followed.complete).to.equal(false);
  });

  it('stays fast where many columns are alike or share a line', () => {
    const columns = Array.from({ length: 10 }, (_, i) => ['close', `end ${i}`, 'x', 'y *']);
    const trace = [...columns.map(() => 'close'), ...columns.flatMap((_, i) => [`end ${i}`, 'x', 'y'])];
    expect(run(anyOrder(...columns), events(...trace)).accepted).to.equal(true);
    const alike = Array.from({ length: 20 }, () => ['a', 'b', 'c']);
    const threes = alike.flatMap(() => ['a', 'b', 'c']);
    expect(run(anyOrder(...alike), events(...threes.sort())).accepted).to.equal(true);
  });

  it('follows long traces', () => {
    const labels = Array.from({ length: 20_000 }, () => 'res data');
    expect(
      run(seq('req response', 'res data +', 'res end'), events('req response', ...labels, 'res end')).accepted,
    ).to.equal(true);
  });

  describe('random columns', () => {
    const column = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 });
    /** Columns, one way to interleave them, and a position in it. */
    const interleaved = fc.array(column, { minLength: 1, maxLength: 4 }).chain((columns) =>
      fc.tuple(
        fc.constant(columns),
        fc.shuffledSubarray(
          columns.flatMap((labels, i) => labels.map(() => i)),
          { minLength: columns.flat().length },
        ),
        fc.nat(),
      ),
    );
    const interleave = (columns: string[][], turns: number[]) => {
      const queues = columns.map((labels) => [...labels]);
      return turns.map((turn) => queues[turn]!.shift()!);
    };

    it('are accepted in any interleaving', () => {
      fc.assert(
        fc.property(interleaved, ([columns, turns]) => {
          expect(run(anyOrder(...columns), events(...interleave(columns, turns))).accepted).to.equal(true);
        }),
      );
    });

    it('are rejected when a line is dropped or doubled', () => {
      fc.assert(
        fc.property(interleaved, ([columns, turns, position]) => {
          const labels = interleave(columns, turns);
          const at = position % labels.length;
          expect(run(anyOrder(...columns), events(...labels.toSpliced(at, 1))).accepted).to.equal(false);
          expect(run(anyOrder(...columns), events(...labels.toSpliced(at, 0, labels[at]!))).accepted).to.equal(false);
        }),
      );
    });

    it('are rejected when one column is out of order', () => {
      fc.assert(
        fc.property(interleaved, ([columns, turns]) => {
          const distinct = columns.map((labels, i) => labels.map((label, j) => `${label}${i}.${j}`));
          const longest = distinct.findIndex((labels) => labels.length > 1);
          fc.pre(longest !== -1);
          const swapped = distinct.with(longest, distinct[longest]!.toReversed());
          expect(run(anyOrder(...distinct), events(...interleave(swapped, turns))).accepted).to.equal(false);
        }),
      );
    });
  });
});
