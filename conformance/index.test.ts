import { expect } from 'chai';
import { run } from './index.js';

describe('run', () => {
  it('gives results to a script, one by one and together', async () => {
    const seen: string[] = [];
    const results = await run({
      filter: ['http.example.async-dispose', 'http.example.body-iterated'],
      onResult: ({ id }) => seen.push(id),
    });
    expect(results.summary).to.deep.include({ pass: 2, total: 2 });
    expect(results.target.version).to.equal(process.versions.node);
    expect(seen).to.have.members(results.results.map(({ id }) => id));
  });

  it('says of what an implementation cannot do why', async () => {
    const { results } = await run({ target: 'reference', filter: ['http2.performance.server'] });
    expect(results[0]).to.deep.include({ verdict: 'not-applicable' });
    expect(results[0]?.reason).to.match(/^needs perf-hooks: node:perf_hooks takes entries/);
  });

  it('throws one line when the target or the filter is unknown', async () => {
    for (const [request, message] of [
      [{ target: 'rhino' }, /^unknown target "rhino": known are node, /],
      [{ filter: ['no.such.vector'] }, /^no vector matches --filter no\.such\.vector$/],
    ] as const) {
      const error = await run(request as never).catch((thrown: Error) => thrown);
      expect(error).to.be.instanceOf(Error);
      expect((error as Error).message).to.match(message);
    }
  });
});
