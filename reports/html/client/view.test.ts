import { expect } from 'chai';
import { SAMPLE } from '../../testing/sample.js';
import { EVERYTHING, format, isFiltered, parse, select, type View } from './view.js';

const ids = (view: Partial<View>): string[] => select(SAMPLE, { ...EVERYTHING, ...view }).map(({ id }) => id);

describe('the view in the hash', () => {
  it('survives the way there and back', () => {
    const view: View = {
      verdicts: ['fail', 'crash'],
      module: 'http2',
      section: 'a#b&c',
      search: 'x=1 & é',
      sort: 'slowest',
      open: 'http2.a.b',
    };
    expect(parse(format(view))).to.deep.equal(view);
    expect(format(EVERYTHING)).to.equal('');
    expect(parse('')).to.deep.equal(EVERYTHING);
  });

  it('leads to a requirement of the documentation, too', () => {
    const view: View = { ...EVERYTHING, show: 'coverage', open: 'http#agentdestroy', requirement: 'http.agent/x' };
    expect(format(view)).to.equal('#show=coverage&open=http%23agentdestroy&requirement=http.agent/x');
    expect(parse(format(view))).to.deep.equal(view);
    expect(parse('#show=all&requirement=http.agent/x')).to.deep.equal(EVERYTHING);
  });

  it('leaves out what makes no sense', () => {
    expect(parse('#verdict=fail,nonsense&sort=odd&section=lonely&what=ever')).to.deep.equal({
      ...EVERYTHING,
      verdicts: ['fail'],
    });
  });

  it('knows when something is filtered', () => {
    expect(isFiltered({ ...EVERYTHING, sort: 'suite', open: 'x' })).to.equal(false);
    expect(isFiltered({ ...EVERYTHING, search: 'x' })).to.equal(true);
  });
});

describe('the selection', () => {
  it('filters by verdict, module and section', () => {
    expect(ids({ verdicts: ['timeout', 'crash'] })).to.have.length(2);
    expect(ids({ module: 'http2' })).to.have.length(3);
    expect(ids({ module: 'http', section: 'serverheaderstimeout' })).to.have.length(2);
  });

  it('finds every word, in any case, in titles, requirements and reasons', () => {
    expect(ids({ search: 'TRUNCATED body' })).to.deep.equal(['http.request.sequence.premature-close-mid-body']);
    expect(ids({ search: 'trickles 408' })).to.deep.equal(['http.server.headers-timeout.slow-head']);
    expect(ids({ search: 'trickles nowhere' })).to.deep.equal([]);
  });

  it('puts what needs attention first, and what was expected later', () => {
    const order = ids({});
    expect(order.slice(0, 2)).to.deep.equal([
      'http.request.sequence.premature-close-mid-body',
      'http.message.headers.hostile-text',
    ]);
    expect(order.at(-1)).to.equal('http.agent.max-sockets.queues-beyond-limit');
    expect(order.indexOf('http2.session.settings.known-failure')).to.be.above(
      order.indexOf('http2.session.ping.payload'),
    );
  });

  it('keeps the order of the suite, or sorts by time', () => {
    expect(ids({ sort: 'suite' })).to.deep.equal(SAMPLE.map(({ id }) => id));
    expect(ids({ sort: 'slowest' })[0]).to.equal('http.server.headers-timeout.slow-head');
  });
});
