import { expect } from 'chai';
import { VERDICTS } from './model.js';
import { SAMPLE, sample } from './testing/sample.js';
import { count, explain, group, isExpected, isSurprise, outcome, share } from './verdicts.js';

const of = (id: string) => SAMPLE.find((result) => result.id === id)!;

describe('verdicts', () => {
  it('has a sample of every verdict', () => {
    expect(new Set(SAMPLE.map(({ verdict }) => verdict))).to.deep.equal(new Set(VERDICTS));
  });

  it('counts not-applicable, disputed and error neither for nor against', () => {
    expect(share(count(SAMPLE))).to.deep.equal({ passed: 2, decided: 8, percent: '25.0' });
    expect(share(count([]))).to.deep.equal({ passed: 0, decided: 0, percent: undefined });
  });

  it('never rounds up to 100 percent', () => {
    const counts = { ...count([]), pass: 99_999, fail: 1 };
    expect(share(counts).percent).to.equal('99.9');
    expect(share({ ...counts, fail: 0 }).percent).to.equal('100');
  });

  it('groups by module and section and loses nothing', () => {
    const groups = group(SAMPLE);
    expect(groups.map(({ module }) => module)).to.deep.equal(['http', 'http2']);
    expect(groups.flatMap(({ sections }) => sections.flatMap(({ results }) => results))).to.have.members([...SAMPLE]);
  });

  it('maps verdicts to the four outcomes of other tools', () => {
    expect(Object.fromEntries(sample().results.map((result) => [result.id, outcome(result)]))).to.deep.equal({
      'http.agent.max-sockets.queues-beyond-limit': 'passed',
      'http.request.sequence.premature-close-mid-body': 'failure',
      'http.message.headers.hostile-text': 'failure',
      'http.server.close-idle.during-upgrade': 'error',
      'http.server.headers-timeout.slow-head': 'failure',
      'http.server.headers-timeout.does-not-fire-early': 'skipped',
      'http.agent.unix-socket.name': 'skipped',
      'http.request.sequence.abort-before-response': 'passed',
      'http2.session.settings.known-failure': 'skipped',
      'http2.session.ping.payload': 'failure',
      'http2.stream.push.disabled': 'error',
    });
  });

  it('tells expected failures from surprises', () => {
    const known = of('http2.session.settings.known-failure');
    expect([isExpected(known), isSurprise(known)]).to.deep.equal([true, false]);
    expect(explain(known)).to.equal('Expected fail: tracked upstream since 1.2');
    const better = of('http2.session.ping.payload');
    expect([isExpected(better), isSurprise(better)]).to.deep.equal([false, true]);
    expect(isExpected({ ...known, verdict: 'crash' })).to.equal(false);
    expect(isExpected({ ...known, verdict: 'error', expected: { verdict: 'error', reason: '' } })).to.equal(false);
  });
});
