import { expect } from 'chai';
import fc from 'fast-check';
import { Slip } from './faults.js';
import { parseExpression, parseFormat, parsePath } from './path.js';

function slip(parse: () => unknown): [number, string] {
  try {
    parse();
  } catch (error) {
    if (error instanceof Slip) return [error.index, error.message];
    throw error;
  }
  throw new Error('it parsed');
}

describe('a path', () => {
  it('has keys after dots and in brackets, and calls', () => {
    expect(parsePath('server.address().port').steps).to.deep.equal([
      { key: 'address' },
      { call: true },
      { key: 'port' },
    ]);
    expect(parsePath('req.headers[set-cookie][0]').steps).to.deep.equal([
      { key: 'headers' },
      { key: 'set-cookie' },
      { key: '0' },
    ]);
    expect(parsePath('req.headers.x-a').steps).to.deep.equal([{ key: 'headers' }, { key: 'x-a' }]);
  });

  it('takes text in brackets as it is', () => {
    expect(parsePath('agent.sockets[127.0.0.1:80:::]').steps[1]).to.deep.equal({ key: '127.0.0.1:80:::' });
    expect(parsePath('headers[:status]').steps[0]).to.deep.equal({ key: ':status' });
    expect(parsePath('a[b is c]').steps[0]).to.deep.equal({ key: 'b is c' });
  });

  it('evaluates brackets that begin with Symbol. or @', () => {
    expect(parsePath('server[Symbol.asyncDispose]').steps[0]).to.deep.equal({
      computed: parsePath('Symbol.asyncDispose'),
    });
    expect(parsePath('h[@http2.sensitiveHeaders]').steps[0]).to.deep.equal({
      computed: parsePath('http2.sensitiveHeaders'),
    });
    expect(parsePath('h[@names[0]].x').steps[0]).to.deep.equal({ computed: parsePath('names[0]') });
  });

  it('passes paths to calls', () => {
    expect(parsePath('Object.keys(agent.sockets).length').steps).to.deep.equal([
      { key: 'keys' },
      { call: true, args: [parsePath('agent.sockets')] },
      { key: 'length' },
    ]);
    expect(parsePath('f(a, b.c)').steps).to.deep.equal([{ call: true, args: [parsePath('a'), parsePath('b.c')] }]);
  });

  it('says where it goes wrong', () => {
    expect(slip(() => parsePath('a..b'))).to.deep.equal([2, 'a property name must follow the dot']);
    expect(slip(() => parsePath('a[b'))).to.deep.equal([3, '"]" is missing']);
    expect(slip(() => parsePath('a[]'))[0]).to.equal(2);
    expect(slip(() => parsePath('f("x")'))[0]).to.equal(2);
    expect(slip(() => parsePath('f(a'))[0]).to.equal(3);
    expect(slip(() => parsePath('a b'))[0]).to.equal(1);
    expect(slip(() => parsePath(''))[1]).to.equal('a path must begin with a name, not nothing');
  });

  it('keeps its text, whatever its keys are', () => {
    const name = fc.stringMatching(/^[a-z_$][\w$-]{0,5}$/);
    const key = fc.stringMatching(/^[^\]@"'S][^\]"']{0,5}$/);
    const step = fc.oneof(
      name.map((text) => `.${text}`),
      key.map((text) => `[${text}]`),
      fc.constant('()'),
    );
    fc.assert(
      fc.property(name, fc.array(step, { maxLength: 5 }), (root, steps) => {
        const text = root + steps.join('');
        const path = parsePath(text);
        expect(path).to.include({ root, text });
        expect(path.steps).to.have.length(steps.length);
      }),
    );
  });
});

describe('an expression', () => {
  it('is a path or has an operator', () => {
    expect(parseExpression('req.path')).to.deep.equal({ left: parsePath('req.path'), text: 'req.path' });
    expect(parseExpression('typeof a.b')).to.include({ op: 'typeof' }).and.have.deep.property('left', parsePath('a.b'));
    expect(parseExpression('e instanceof http.Agent')).to.deep.include({
      op: 'instanceof',
      left: parsePath('e'),
      right: parsePath('http.Agent'),
    });
    expect(parseExpression('a[x is y] is b')).to.deep.include({
      op: 'is',
      left: parsePath('a[x is y]'),
      right: parsePath('b'),
    });
    expect(parseExpression('"a in b" in c')).to.deep.include({ op: 'in', key: 'a in b', left: parsePath('c') });
  });

  it('has no other operator', () => {
    expect(slip(() => parseExpression('a == b'))[0]).to.equal(1);
  });
});

describe('a text with paths', () => {
  it('is cut at braces', () => {
    expect(parseFormat('http://h:{peer.port}/x')).to.deep.equal(['http://h:', parsePath('peer.port'), '/x']);
    expect(parseFormat('{a}{b}')).to.deep.equal([parsePath('a'), parsePath('b')]);
    expect(parseFormat('{{a}}')).to.deep.equal(['{a}']);
    expect(parseFormat('')).to.deep.equal([]);
  });

  it('says which brace is wrong', () => {
    expect(slip(() => parseFormat('x{a'))[0]).to.equal(3);
    expect(slip(() => parseFormat('x}'))[0]).to.equal(1);
  });
});
