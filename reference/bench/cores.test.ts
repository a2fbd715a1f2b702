import { expect } from 'chai';
import { parseCores, shareCores } from './cores.js';

describe('Cores of the benchmark', () => {
  it('are read from lists', () => {
    expect(parseCores('0-2,5,7-8\n')).to.deep.equal([0, 1, 2, 5, 7, 8]);
  });

  it('are shared so that what is measured has one of its own', () => {
    expect(shareCores([0, 1, 3])).to.deep.equal({ measured: '3', load: '0,1' });
    expect(shareCores([2])).to.deep.equal({ measured: undefined, load: undefined });
  });
});
