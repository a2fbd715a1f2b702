import { expect } from 'chai';
import type { Result } from '../../reports/model.js';
import { Lines } from './progress.js';

const failed = { id: 'a', verdict: 'fail', reason: 'no event' } as Result;
const passed = { id: 'b', verdict: 'pass' } as Result;

describe('progress as lines', () => {
  it('tells a failure as it comes, once, and whether it was expected', () => {
    const lines: string[] = [];
    const progress = new Lines(
      (line) => lines.push(line),
      () => 0,
    );
    progress.result(failed, { done: 1, total: 2, n: 1, of: 2 });
    progress.result(
      { ...failed, id: 'c', expected: { verdict: 'fail', reason: '' } },
      { done: 2, total: 2, n: 1, of: 2 },
    );
    progress.result(failed, { done: 1, total: 2, n: 2, of: 2 });
    expect(lines).to.deep.equal(['fail a: no event', 'fail (expected) c: no event']);
  });

  it('tells how far it is every few seconds', () => {
    const lines: string[] = [];
    let now = 0;
    const progress = new Lines(
      (line) => lines.push(line),
      () => now,
    );
    for (now = 0; now <= 11_000; now += 1_000) progress.result(passed, { done: now / 1_000, total: 300, n: 1, of: 1 });
    expect(lines).to.deep.equal(['5/300', '10/300']);
  });
});
