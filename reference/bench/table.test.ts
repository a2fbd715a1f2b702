import { expect } from 'chai';
import type { MetricOutcome } from './outcome.js';
import { renderBrief, renderTable } from './table.js';

const rate: MetricOutcome = {
  name: 'rate',
  unit: 'requests/s',
  better: 'higher',
  reference: 41_203.4,
  node: 33_110,
  limit: 70_000,
  ratio: { median: 1.244, lower: 1.2, upper: 1.296, least: 1, greatest: 2 },
  conclusion: 'better',
};
const growth: MetricOutcome = {
  ...rate,
  unit: 'KiB',
  reference: 5.984,
  node: -12.34,
  limit: null,
  ratio: null,
  conclusion: 'within',
};

describe('Table of the benchmark', () => {
  it('has a line for each figure, in columns', () => {
    const one = { module: 'http', rounds: [] } as const;
    const table = renderTable([
      { ...one, name: 'http/server/hello', metrics: [rate, growth] },
      { ...one, name: 'http/x', metrics: [], error: 'it broke' },
    ]);
    expect(table.split('\n')).to.deep.equal([
      'scenario           unit              reference    node     net  ratio  quartiles',
      'http/server/hello  requests/s           41,203  33,110  70,000   1.24  1.20 to 1.30  better',
      '                   KiB                    5.98   -12.3                               within',
      'http/x             failed: it broke',
    ]);
  });

  it('says in a line what came of a scenario', () => {
    const one = { name: 'x', module: 'http', rounds: [] } as const;
    expect(renderBrief({ ...one, metrics: [rate, growth] })).to.equal('requests/s 1.24 better, KiB within');
    expect(renderBrief({ ...one, metrics: [], error: 'it broke' })).to.equal('failed: it broke');
  });
});
