import { expect } from 'chai';
import { compileText } from './index.js';

const vector = (body: string) => `- id: wire.http1-server.x
  title: x
  rfc: 9112#3.2
  level: SHOULD
${body}
`;
const compiled = (text: string, file = 'wire/http1-server/x.yaml') => compileText(text, file);
const messages = (text: string) => compiled(text).faults.map(({ line, message }) => `${line}: ${message}`);

describe('wire vectors', () => {
  it('have a basis, a peer and no steps', () => {
    const text = vector('  peer: { http1-client: [{ connect: target }, { refused: [400] }] }');
    const { vectors, faults } = compiled(text);
    expect(faults).to.deep.equal([]);
    expect(vectors[0]).to.deep.include({
      wire: { suite: 'http1-server', rfc: '9112#3.2', level: 'SHOULD' },
      steps: [],
      covers: [],
    });
    expect(vectors[0]!.peers[0]!.script.map(({ op }) => op)).to.deep.equal(['connect', 'any-of']);
  });

  it('have the peer of the other side', () => {
    const text = vector('  peer: { http2-client: [{ connect: target }, { receive: SETTINGS }] }');
    expect(messages(text)).to.deep.equal(['5: a vector of http1-server has a peer of the kind http1-client']);
  });

  it('connect to the server under test alone, and expect something of it', () => {
    const text = vector('  peer: { http1-client: [{ connect: server }] }');
    expect(messages(text)[0]).to.equal('5: a wire vector connects to "target", the server under test');
    const silent = vector('  peer: { http1-client: [{ connect: target }] }');
    expect(messages(silent)[0]).to.match(/^5: the vector expects nothing/);
  });

  it('are known by their folder', () => {
    const text = vector('  peer: { http1-client: [{ connect: target }, answered] }');
    expect(compiled(text, 'http/x.yaml').faults).not.to.deep.equal([]);
  });

  it('name what is no reaction', () => {
    const text = vector('  peer: { http1-client: [{ connect: target }, { any-of: [close] }] }');
    expect(messages(text)).to.deep.equal(['5: http1-client receives a "response", not "close"']);
  });
});
