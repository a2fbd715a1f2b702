import { expect } from 'chai';
import { countDocumented } from './documentation.js';
import { sample } from './testing/sample.js';

describe('documented sections', () => {
  it('are counted by requirements', () => {
    const { documentation = [] } = sample();
    expect(countDocumented(documentation)).to.deep.equal({
      requirements: 13,
      covered: 11,
      disputed: 1,
      untestable: 1,
      uncovered: 1,
    });
    expect(countDocumented([])).to.include({ requirements: 0, covered: 0 });
  });
});
