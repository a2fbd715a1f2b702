import { expect } from 'chai';
import type { Pattern, Step } from '../plan.js';
import { faultsOf, only, vectorText } from './testing/texts.js';

const labels = (pattern: Pattern | undefined): string[] =>
  pattern?.p === 'seq' ? pattern.items.map((item) => (item.p === 'line' ? item.label : item.p)) : [];

describe('a disputed vector', () => {
  const text = vectorText(`
disputed:
  why: the section says one order, Node has the other
  documented: { order: [req close, res error, res error] }
  node: { order: [res error, req close] }
watch: { req: [socket, close], res: [error] }
do:
  - req = http.get: [x]
  - on: { req response: { as: [res] } }
trace: [req socket, "{order}"]`);

  it('has the documented outcome, and beside it what Node does', () => {
    const vector = only(text);
    expect(labels(vector.trace)).to.deep.equal(['req socket', 'req close', 'res error', 'res error']);
    expect(labels(vector.disputed?.node.trace)).to.deep.equal(['req socket', 'res error', 'req close']);
    expect(vector.disputed?.why).to.equal('the section says one order, Node has the other');
  });

  it('waits for what happens in both outcomes', () => {
    expect(only(text).expects).to.deep.equal({ 'req socket': 1, 'req close': 1, 'res error': 1 });
  });

  it('may be about some versions of Node only', () => {
    const bounded = text.replace('    documented:', '    since: [24.2, v22.17.0]\n    until: 26\n    documented:');
    expect(only(bounded).disputed).to.deep.include({ since: ['24.2.0', '22.17.0'], until: ['26.0.0'] });
    expect(only(text).disputed).to.have.all.keys('why', 'node');
    expect(faultsOf(text.replace('    documented:', '    since: new\n    documented:'))[0]?.message).to.match(
      /a version of Node/,
    );
  });

  it('takes the name without quotes, too', () => {
    expect(labels(only(text.replace('"{order}"', '{order}')).trace)).to.have.length(4);
  });

  it('may differ in matchers; what either compares is recorded', () => {
    const vector = only(
      vectorText(`
disputed: { why: w, documented: { e: { code: A, cause: { a: 1 } } }, node: { e: { code: B, cause: { b: 1 } } } }
do:
  - http.get: []
    throws: "{e}"
  - check: { http.x: { f: "{e}" } }`),
    );
    const shapes = (steps: Step[] | undefined) =>
      steps?.map((step) => (step.op === 'call' ? step.shape : step.op === 'check' ? step.items[0]?.shape : undefined));
    const shape = { code: true, cause: { a: true, b: true } };
    expect(shapes(vector.steps)).to.deep.equal([shape, { f: shape }]);
    expect(shapes(vector.disputed?.node.steps)).to.deep.equal([shape, { f: shape }]);
    expect(vector.disputed?.node.steps.map(({ n }) => n)).to.deep.equal(vector.steps.map(({ n }) => n));
  });

  it("may differ in a peer's expectations", () => {
    const vector = only(
      vectorText(`
disputed: { why: w, documented: { f: { GOAWAY: { code: NO_ERROR } } }, node: { f: { RST_STREAM: { code: CANCEL } } } }
peer: { http2-client: [connect: server, next: "{f}"] }
do:
  - server = http2.createServer: []
  - listen: server`),
    );
    expect(vector.peers[0]?.script[1]).to.have.nested.property('what.type', 'GOAWAY');
    expect(vector.disputed?.node.peers[0]?.script[1]).to.have.nested.property('what.type', 'RST_STREAM');
  });

  it('must perform the same', () => {
    const [fault] = faultsOf(
      vectorText(`
disputed: { why: w, documented: { f: HEADERS }, node: { f: DATA } }
peer: { http2-client: [connect: server, receive: "{f}"] }
do:
  - server = http2.createServer: []
  - listen: server`),
    );
    expect(fault?.message).to.match(/must perform the same steps/);
  });

  it('may not differ elsewhere', () => {
    const [fault] = faultsOf(
      vectorText(
        'disputed: { why: w, documented: { t: 100 }, node: { t: 200 } }\nsettle: "{t}"\ndo: [check: { http.x: 1 }]',
      ),
    );
    expect(fault?.message).to.equal('the two outcomes may differ in expectations only, and "settle" differs');
  });
});
