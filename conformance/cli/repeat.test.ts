import { expect } from 'chai';
import type { Result, Results, Verdict } from '../../reports/model.js';
import { summarize } from '../controller/result.js';
import { Repetition } from './repeat.js';

function results(verdicts: { [id: string]: Verdict }, more: Partial<Results> = {}): Results {
  const list = Object.entries(verdicts).map(([id, verdict]): Result => {
    return { id, title: id, module: 'http', section: 's', covers: [], source: 'a.yaml:1', verdict, ms: 1 };
  });
  return {
    format: 1,
    suite: { name: 'http-plumbline', version: '0' },
    target: { id: 'node', name: 'node', version: '20', platform: 'linux-x64' },
    startedAt: '2030-01-01T00:00:00.000Z',
    command: 'plumbline run',
    summary: summarize(list, 10),
    results: list,
    ...more,
  };
}

describe('repetition', () => {
  it('finds no change in runs that are the same', () => {
    const repetition = new Repetition(2);
    repetition.add(results({ a: 'pass', b: 'fail' }));
    repetition.add(results({ a: 'pass', b: 'fail' }));
    expect(repetition.changes()).to.deep.equal([]);
    expect(repetition.report().summary).to.include({ pass: 1, fail: 1, ms: 20 });
    expect(repetition.report()).not.to.have.property('partial');
  });

  it('names the runs of each verdict, and reports the failure', () => {
    const repetition = new Repetition(3);
    for (const verdict of ['pass', 'timeout', 'pass'] as const) repetition.add(results({ a: verdict }));
    expect(repetition.changes().map(({ outcomes }) => [...outcomes])).to.deep.equal([
      [
        ['pass', [1, 3]],
        ['timeout', [2]],
      ],
    ]);
    expect(repetition.report().results[0]).to.include({ verdict: 'timeout', reason: 'run 2: timeout' });
    expect(repetition.report().summary).to.include({ pass: 0, timeout: 1 });
  });

  it('sees that a disputed vector shows the other outcome', () => {
    const repetition = new Repetition(2);
    for (const shows of ['node', 'documented'] as const) {
      const run = results({ a: 'disputed' });
      repetition.add({ ...run, results: run.results.map((result) => ({ ...result, shows })) });
    }
    expect(repetition.changes()).to.have.length(1);
  });

  it('is partial when fewer runs were made than asked for', () => {
    const repetition = new Repetition(2);
    repetition.add(results({ a: 'pass' }));
    expect(repetition.report().partial).to.equal(true);
  });
});
