import { expect } from 'chai';
import { sample } from '../testing/sample.js';
import { FORMATS, render } from './index.js';

describe('formats', () => {
  it('writes each format to a file of its own', () => {
    expect(FORMATS.map((format) => render(format, sample()).file)).to.deep.equal([
      'results.json',
      'junit.xml',
      'summary.md',
      'report.html',
    ]);
  });

  it('writes JSON that reads back the same', () => {
    expect(JSON.parse(render('json', sample()).text)).to.deep.equal(sample());
  });

  for (const format of FORMATS)
    it(`writes ${format} without results`, () => {
      expect(render(format, sample([])).text).to.be.a('string').that.is.not.empty;
    });
});
