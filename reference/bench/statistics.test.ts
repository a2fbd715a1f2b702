import { expect } from 'chai';
import { conclude, summarize } from './statistics.js';

describe('Statistics of the benchmark', () => {
  it('gives median and quartiles, between figures where they fall there', () => {
    expect(summarize([5, 1, 3])).to.deep.equal({ median: 3, lower: 2, upper: 4, least: 1, greatest: 5 });
    expect(summarize([4, 1, 2, 3])).to.include({ median: 2.5, lower: 1.75, upper: 3.25 });
    expect(summarize([7])).to.include({ median: 7, lower: 7, upper: 7 });
    expect(() => summarize([])).to.throw(RangeError);
  });

  it('concludes from pairs that agree, whichever way is better', () => {
    const above = [1.1, 1.2, 1.15, 1.18, 0.9, 1.12, 1.14, 2.5, 1.1];
    expect(conclude(above, 'higher')).to.equal('better');
    expect(conclude(above, 'lower')).to.equal('worse');
    const below = above.map((ratio) => 1 / ratio);
    expect(conclude(below, 'higher')).to.equal('worse');
    expect(conclude(below, 'lower')).to.equal('better');
  });

  it('calls even what differs by no more than 3 %', () => {
    expect(conclude([0.98, 1.01, 0.99, 1.02, 1, 1], 'higher')).to.equal('even');
    expect(conclude([1.01, 1.01, 1.02, 1.01, 1.02, 1.02], 'higher')).to.equal('even');
  });

  it('concludes nothing from pairs so few that they may agree by chance', () => {
    expect(conclude([2, 2, 2, 2, 2], 'higher')).to.equal('inconclusive');
    expect(conclude([2, 2, 2, 2, 2, 2], 'higher')).to.equal('better');
    expect(conclude([1, 1, 1], 'higher')).to.equal('inconclusive');
  });

  it('concludes nothing from pairs that disagree', () => {
    expect(conclude([0.8, 1.2, 0.9, 1.1, 1, 1.3, 0.7], 'higher')).to.equal('inconclusive');
    // 11 of 15 may be chance (p = 0.12), 12 are not (p = 0.035).
    const pairs = (above: number) => Array.from({ length: 15 }, (_, i) => (i < above ? 1.5 : 0.5));
    expect(conclude(pairs(11), 'higher')).to.equal('inconclusive');
    expect(conclude(pairs(12), 'higher')).to.equal('better');
  });
});
