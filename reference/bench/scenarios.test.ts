import { expect } from 'chai';
import { measureScenario, type RunOptions } from './runner.js';
import { scenarios, selectScenarios } from './scenarios.js';

const select = (module: 'http' | 'http2' | undefined, ...scenario: string[]) =>
  selectScenarios(scenarios, { scenario, module }).map(({ name }) => name);

describe('Scenarios of the benchmark', () => {
  it('have a name each, by module and kind', () => {
    const names = scenarios.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { name, module } of scenarios) expect(name).to.match(new RegExp(`^${module}/[a-z]+/[a-z0-9-]+$`));
  });

  it('are chosen by globs and module', () => {
    expect(select(undefined)).to.have.length(scenarios.length);
    expect(select(undefined, 'http/server/hello', '*/client/get')).to.deep.equal([
      'http/server/hello',
      'http/client/get',
    ]);
    expect(select('http', '**/hello')).to.deep.equal(['http/server/hello']);
    expect(select('http2', 'http/**')).to.deep.equal([]);
  });

  for (const name of [
    'http/server/pipelined',
    'http/client/get',
    'http/parser/request-20-cut',
    'http/memory/idle-connections',
    'http2/server/compat-8x32',
    'http2/client/get-8x32',
  ]) {
    it(`are measured: ${name}`, async function () {
      this.timeout(60_000);
      const nowhere = { measuredOn: undefined, loadOn: undefined };
      const options: RunOptions = { pairs: 1, seconds: 0.05, warmUpSeconds: 0.05, scale: 0.01, ...nowhere };
      const [scenario] = selectScenarios(scenarios, { scenario: [name], module: undefined });
      const outcome = await measureScenario(scenario!, options);
      expect(outcome.error).to.equal(undefined);
      for (const { reference, node } of outcome.metrics)
        expect([reference, node].every(Number.isFinite)).to.equal(true);
      expect(outcome.metrics).to.have.length(Object.keys(scenario!.metrics).length);
    });
  }
});
