import { expect } from 'chai';
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
});
