import { expect } from 'chai';
import { create } from 'xmlbuilder2';
import { sample } from '../testing/sample.js';
import { renderJunit } from './junit.js';

/** The little of the DOM that is needed to look at what was written. */
interface Node {
  nodeName: string;
  textContent: string | null;
  childNodes: Iterable<Node>;
  getAttribute(name: string): string | null;
}

const read = (text: string): Node => create(text).root().node as unknown as Node;
const children = (node: Node, name: string): Node[] => [...node.childNodes].filter(({ nodeName }) => nodeName === name);
const cases = (root: Node): Node[] => children(root, 'testsuite').flatMap((suite) => children(suite, 'testcase'));
const one = (id: string): Node =>
  cases(read(renderJunit(sample()))).find((testcase) => testcase.getAttribute('name') === id)!;
const kinds = (testcase: Node): string[] =>
  [...testcase.childNodes].map(({ nodeName }) => nodeName).filter((name) => !name.startsWith('#'));

describe('JUnit XML', () => {
  it('has a testsuite for each section and adds up', () => {
    const root = read(renderJunit(sample()));
    expect(root.nodeName).to.equal('testsuites');
    expect(['tests', 'failures', 'errors'].map((name) => root.getAttribute(name))).to.deep.equal(['11', '4', '2']);
    const suites = children(root, 'testsuite');
    expect(suites).to.have.length(9);
    for (const suite of suites) {
      const found = children(suite, 'testcase');
      expect(suite.getAttribute('tests')).to.equal(String(found.length));
      for (const [attribute, kind] of [
        ['failures', 'failure'],
        ['errors', 'error'],
        ['skipped', 'skipped'],
      ] as const)
        expect(suite.getAttribute(attribute)).to.equal(
          String(found.filter((testcase) => kinds(testcase).includes(kind)).length),
        );
    }
  });

  it('names a testcase by id, section and source', () => {
    const testcase = one('http.agent.max-sockets.queues-beyond-limit');
    const attributes = ['classname', 'time', 'file', 'line'].map((name) => testcase.getAttribute(name));
    expect(attributes).to.deep.equal(['http.agentmaxsockets', '0.006', 'vectors/http/agent.yaml', '12']);
    expect(kinds(testcase)).to.deep.equal([]);
  });

  it('tells failure, error, skipped and disputed apart', () => {
    const kind = (id: string): string[] => kinds(one(id));
    expect(kind('http.server.headers-timeout.slow-head')).to.deep.equal(['failure']);
    expect(kind('http.server.close-idle.during-upgrade')).to.deep.equal(['error']);
    expect(kind('http2.stream.push.disabled')).to.deep.equal(['error']);
    expect(kind('http.agent.unix-socket.name')).to.deep.equal(['skipped']);
    expect(kind('http.request.sequence.abort-before-response')).to.deep.equal(['system-out']);
    const skipped = children(one('http2.session.settings.known-failure'), 'skipped')[0]!;
    expect(skipped.getAttribute('message')).to.equal('Expected fail: tracked upstream since 1.2');
    const blocked = children(one('http.server.headers-timeout.does-not-fire-early'), 'skipped')[0]!;
    expect(blocked.getAttribute('message')).to.equal('Blocked by http.server.headers-timeout.slow-head');
  });

  it('keeps every character, those that XML forbids as escapes', () => {
    const failure = children(one('http.message.headers.hostile-text'), 'failure')[0]!;
    const hostile = '</script><!-- ]]> | ``` <b>&amp;"\' \\u0000\\u001b[31m\\ud800 \\ufffe \\u2028';
    expect(failure.getAttribute('message')).to.equal(`Saw ${hostile} on two lines`);
    expect(failure.textContent).to.include(`expected: ${hostile}`);
  });

  it('takes text that looks like entities literally', () => {
    const [first] = sample().results;
    const text = renderJunit(sample([{ ...first!, verdict: 'fail', reason: '&nbsp; &#0; &lt; & &x' }]));
    expect(text).to.include('message="&amp;nbsp; &amp;#0; &amp;lt; &amp; &amp;x"');
  });

  it('marks the first divergence in the text of a failure', () => {
    const failure = children(one('http.request.sequence.premature-close-mid-body'), 'failure')[0]!;
    expect(failure.textContent).to.include('- res aborted   <- diverges here\n+ res end\n');
    expect(failure.textContent).to.include('reproduce: plumbline run --target bun@1.3.1 --filter');
  });
});
