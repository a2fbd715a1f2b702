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
    const above = [1.1, 1.2, 1.15, 1.18, 0.9, 1.12, 1.14];
    expect(conclude(above, 'higher')).to.equal('better');
    expect(conclude(above, 'lower')).to.equal('worse');
    const below = above.map((ratio) => 1 / ratio);
    expect(conclude(below, 'higher')).to.equal('worse');
    expect(conclude(below, 'lower')).to.equal('better');
  });

  it('calls even what differs by no more than 3 %', () => {
    expect(conclude([0.98, 1.01, 0.99, 1.02, 1.0], 'higher')).to.equal('even');
    expect(conclude([1.01, 1.01, 1.02, 1.01, 1.02], 'higher')).to.equal('even');
  });

  it('concludes nothing from too few pairs, from pairs on both sides of 1, or from a wide spread', () => {
    expect(conclude([2, 2, 2, 2], 'higher')).to.equal('inconclusive');
    expect(conclude([0.8, 1.2, 0.9, 1.1, 1], 'higher')).to.equal('inconclusive');
    expect(conclude([0.9, 1.1, 1.4, 1.9, 2.5], 'higher')).to.equal('inconclusive');
  });

  it('concludes from a wide spread all the same where each pair says the same', () => {
    expect(conclude([1.1, 1.2, 1.5, 2, 3], 'higher')).to.equal('better');
    expect(conclude([0.3, 0.5, 0.7, 0.9, 0.4], 'higher')).to.equal('worse');
  });
});
