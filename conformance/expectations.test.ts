import { expect } from 'chai';
import type { Result, Verdict } from '../reports/model.js';
import {
  applyExpectations,
  type Expectation,
  ExpectationsFault,
  exitStatus,
  idleEntries,
  idMatcher,
  parseExpectations,
} from './expectations.js';

function result(id: string, verdict: Verdict): Result {
  return { id, title: id, module: 'http', section: 's', covers: [], source: 'http/x.yaml:1', verdict, ms: 1 };
}

function expectation(id: string, verdict: Verdict, more: Partial<Expectation> = {}): Expectation {
  return { id, verdict, reason: 'known', line: 1, ...more };
}

function faultsOf(text: string): string[] {
  try {
    parseExpectations(text, 'e.yaml');
  } catch (error) {
    expect(error).to.be.instanceOf(ExpectationsFault);
    return (error as ExpectationsFault).faults;
  }
  throw new Error('no fault');
}

describe('expectations', () => {
  it('reads entries with their lines', () => {
    const text = '# known\n- { id: http.a, verdict: fail, reason: r }\n- id: http2.*\n  verdict: crash\n  reason: s\n';
    expect(parseExpectations(`${text}  link: https://example.org/1\n  until: 2030-01-31\n`, 'e.yaml')).to.deep.equal([
      { id: 'http.a', verdict: 'fail', reason: 'r', line: 2 },
      { id: 'http2.*', verdict: 'crash', reason: 's', link: 'https://example.org/1', until: '2030-01-31', line: 3 },
    ]);
    expect(parseExpectations('# nothing is expected\n', 'e.yaml')).to.deep.equal([]);
  });

  it('names line and column of each fault', () => {
    const text = '- id: a\n  verdict: failed\n  reasn: x\n- id: 1\n  verdict: fail\n  reason: ""\n  until: soon\n- b\n';
    expect(faultsOf(text)).to.deep.equal([
      'e.yaml:2:12: unknown verdict "failed": known are pass, fail, crash, timeout, blocked, not-applicable, disputed, error',
      'e.yaml:3:3: unknown key "reasn": known are id, verdict, reason, link, until',
      'e.yaml:1:3: an entry needs "reason"',
      'e.yaml:4:7: "id" is a text',
      'e.yaml:6:11: "reason" is a text',
      'e.yaml:7:10: "until" is a date such as 2030-01-31',
      'e.yaml:8:3: an entry is a map with id, verdict and reason',
    ]);
  });

  it('refuses what is no list, and what is no YAML', () => {
    expect(faultsOf('id: a\n')[0]).to.match(/^e\.yaml:1:1: expectations are a list/);
    expect(faultsOf('- id: "a\n')[0]).to.match(/^e\.yaml:\d+:\d+: Missing closing/);
    expect(faultsOf('- id: a\n  id: b\n')[0]).to.match(/^e\.yaml:2:3: .*unique/);
  });

  it('matches ids and globs', () => {
    expect(idMatcher('http.agent.*')('http.agent.max-sockets.queues')).to.equal(true);
    expect(idMatcher('http.agent')('http.agent.max-sockets')).to.equal(false);
    expect(idMatcher('*.{a,b}')('http.x.b')).to.equal(true);
    expect(idMatcher('http.[set]')('http.[set]')).to.equal(true);
  });

  it('tells regressions and surprises', () => {
    const results = [
      result('new.failure', 'fail'),
      result('known.failure', 'fail'),
      result('other.failure', 'timeout'),
      result('repaired', 'pass'),
      result('no-longer-reached', 'blocked'),
      result('fine', 'pass'),
    ];
    const known = ['known.failure', 'other.failure', 'repaired', 'no-longer-reached'];
    const comparison = applyExpectations(
      results,
      known.map((id) => expectation(id, 'fail')),
    );
    expect(comparison.regressions.map(({ id }) => id)).to.deep.equal(['new.failure', 'other.failure']);
    expect(comparison.surprises.map(({ id }) => id)).to.deep.equal(['repaired']);
    expect(comparison.results[1]?.expected).to.deep.equal({ verdict: 'fail', reason: 'known' });
    expect(comparison.results[5]).not.to.have.property('expected');
  });

  it('lets an exact id count before a glob, and the first glob before the next', () => {
    const entries = [expectation('a.*', 'fail'), expectation('a.b.*', 'crash'), expectation('a.b.c', 'timeout')];
    const verdicts = applyExpectations([result('a.b.c', 'timeout'), result('a.b.d', 'fail')], entries);
    expect(verdicts.regressions).to.deep.equal([]);
  });

  it('forgets an entry whose day has come', () => {
    const entries = [expectation('a', 'fail', { until: '2030-01-31' })];
    expect(applyExpectations([result('a', 'fail')], entries, '2030-01-30').regressions).to.have.length(0);
    expect(applyExpectations([result('a', 'fail')], entries, '2030-01-31').regressions).to.have.length(1);
  });

  it('names entries that do nothing', () => {
    const entries = [
      expectation('a', 'fail'),
      expectation('b.*', 'fail'),
      expectation('*', 'fail', { until: '2030-01-31' }),
    ];
    expect(idleEntries(entries, ['a'], '2030-02-01')).to.deep.equal([
      'line 1: no vector matches "b.*"',
      'line 1: "*" was expected until 2030-01-31 only',
    ]);
  });

  it('makes the exit status', () => {
    const status = (verdict: Verdict, entries: Expectation[] = []) => {
      const results = [result('a', verdict)];
      return exitStatus(results, applyExpectations(results, entries));
    };
    const inOrder: Verdict[] = ['pass', 'fail', 'crash', 'timeout', 'blocked', 'not-applicable', 'disputed', 'error'];
    expect(inOrder.map((verdict) => status(verdict))).to.deep.equal([0, 1, 1, 1, 0, 0, 0, 2]);
    expect(status('fail', [expectation('a', 'fail')])).to.equal(0);
    expect(status('pass', [expectation('a', 'fail')])).to.equal(1);
    expect(status('error', [expectation('a', 'error')])).to.equal(2);
  });
});
