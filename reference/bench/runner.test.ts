import { expect } from 'chai';
import { measureScenario, metricOutcomes, type RunOptions } from './runner.js';
import type { Scenario } from './scenario.js';

const options: RunOptions = {
  pairs: 6,
  seconds: 1,
  warmUpSeconds: 0,
  scale: 1,
  measuredOn: undefined,
  loadOn: undefined,
};

const metrics = { rate: { unit: 'things/s', better: 'higher' } } as const;

describe('Runner of the benchmark', () => {
  it('measures by turns, and compares figures that were taken one after the other', async () => {
    const order: string[] = [];
    const scenario: Scenario = {
      name: 'http/test/turns',
      module: 'http',
      metrics,
      hasLimit: true,
      start: async (subject) => async () => {
        order.push(subject);
        // The machine gets slower all the time; the ratio stays.
        const pair = Math.ceil(order.length / 3);
        return { rate: { reference: 300, node: 200, limit: 900 }[subject] / pair };
      },
    };
    const { metrics: outcomes, rounds } = await measureScenario(scenario, options);
    const five = ['node', 'reference', 'limit', 'reference', 'node', 'limit'];
    const begin = ['reference', 'node', 'limit'];
    // After five pairs they are started anew.
    expect(order).to.deep.equal([...begin, ...five, ...five, ...begin]);
    expect(rounds).to.have.length(6);
    expect(outcomes).to.have.length(1);
    expect(outcomes[0]).to.include({ reference: 87.5, limit: 262.5, conclusion: 'better' });
    expect(outcomes[0]!.ratio).to.include({ median: 1.5, least: 1.5, greatest: 1.5 });
  });

  it('starts the subjects anew now and then, or for each pair', async () => {
    let starts = 0;
    const start = async () => {
      starts++;
      return async () => ({ rate: 1 });
    };
    const one = { name: 'x', module: 'http', metrics, start } as const;
    expect((await measureScenario(one, { ...options, pairs: 12 })).rounds).to.have.length(12);
    expect(starts).to.equal(6);
    expect((await measureScenario({ ...one, once: true, maxPairs: 2 }, options)).rounds).to.have.length(2);
    expect(starts).to.equal(10);
  });

  it('holds figures that have a bound against that', () => {
    const bounded = { metrics: { growth: { unit: 'KiB', better: 'lower', atMost: 10 } } } as const;
    const outcome = (reference: number) =>
      metricOutcomes(bounded, [{ reference: { growth: reference }, node: { growth: -1 } }])[0]!;
    expect(outcome(9)).to.include({ conclusion: 'within', ratio: null });
    expect(outcome(11)).to.include({ conclusion: 'beyond', ratio: null });
  });

  it('tells what went wrong, and stops what was started', async () => {
    const scenario: Scenario = {
      name: 'http/test/broken',
      module: 'http',
      metrics,
      async start(_subject, { launch }) {
        const script = new URL('./testing/ends.js', import.meta.url);
        return launch('measured', script, {}).next();
      },
    };
    const outcome = await measureScenario(scenario, options);
    expect(outcome).to.deep.include({ metrics: [], rounds: [], error: 'ends.js ended with 7' });
  });
});
