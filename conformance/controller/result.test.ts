import { expect } from 'chai';
import type { Runtime, Vector } from '../plan.js';
import { asOf, inapplicable } from './result.js';

const runtime = (node: string): Runtime => ({ name: 'node', version: node, node, platform: '', capabilities: [] });
const vector = (bounds: Partial<Vector>): Vector => ({ needs: [], ...bounds }) as unknown as Vector;

describe('versions of Node', () => {
  const versions = [
    '20.1.0',
    '22.16.9',
    '22.17.0',
    '22.99.0',
    '23.9.0',
    '24.1.9',
    '24.2.0',
    '26.0.0',
    'v24.2.0-nightly',
  ];
  const having = ['22.17.0', '22.99.0', '24.2.0', '26.0.0', 'v24.2.0-nightly'];

  it('reach a version in its line or a newer one, or a backport in its own line', () => {
    const since = vector({ since: ['24.2.0', '22.17.0'] });
    expect(versions.filter((version) => inapplicable(since, runtime(version)) === undefined)).to.deep.equal(having);
    const until = vector({ until: ['24.2.0', '22.17.0'] });
    expect(versions.filter((version) => inapplicable(until, runtime(version)) !== undefined)).to.deep.equal(having);
    expect(inapplicable(until, runtime('26.0.0'))).to.equal('until Node 24.2.0, 22.17.0');
  });

  it('have a dispute within its bounds only', () => {
    const disputed = (bounds: object) => vector({ disputed: { why: '', ...bounds } } as unknown as Partial<Vector>);
    const within = (bounds: object) =>
      versions.filter((version) => asOf(disputed(bounds), runtime(version)).disputed !== undefined);
    expect(within({})).to.deep.equal(versions);
    expect(within({ since: ['24.2.0', '22.17.0'] })).to.deep.equal(having);
    expect(within({ since: ['22.17.0'], until: ['24.2.0'] })).to.deep.equal(['22.17.0', '22.99.0', '23.9.0', '24.1.9']);
  });
});
