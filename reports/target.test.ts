import { expect } from 'chai';
import { headline } from './target.js';

describe('the headline of a target', () => {
  const runtime = { name: 'node', version: '20.20.2', platform: 'linux x64' };

  it('is the runtime when its own modules were tested', () => {
    expect(headline({ id: 'node', ...runtime })).to.deep.equal({ name: 'node', detail: '20.20.2' });
    expect(headline({ id: 'node@20.20.2', ...runtime })).to.deep.equal({ name: 'node', detail: '20.20.2' });
  });

  it('is the implementation when it only ran in the runtime', () => {
    expect(headline({ id: 'stub', ...runtime })).to.deep.equal({ name: 'stub', detail: 'on node 20.20.2' });
  });
});
