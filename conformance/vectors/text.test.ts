import { expect } from 'chai';
import { httpText } from './text.js';

describe('!http text', () => {
  it('gives a head its blank line', () => {
    expect(httpText('GET / HTTP/1.1\nHost: a\n')).to.equal('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(httpText('GET / HTTP/1.1')).to.equal('GET / HTTP/1.1\r\n\r\n');
  });

  it('takes what follows a blank line as the body, without the last line end', () => {
    expect(httpText('HTTP/1.1 200 OK\nContent-Length: 3\n\nabc\n')).to.equal(
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    );
    expect(httpText('A\n\nb\nc\n')).to.equal('A\r\n\r\nb\r\nc');
  });

  it('keeps blank lines inside the body', () => {
    expect(httpText('A\n\n0\n\n\n')).to.equal('A\r\n\r\n0\r\n\r\n');
  });

  it('takes an empty body as it is', () => {
    expect(httpText('A\n\n')).to.equal('A\r\n\r\n');
  });

  it('leaves line ends that are CRLF already', () => {
    expect(httpText('A\r\nB\r\n')).to.equal('A\r\nB\r\n\r\n');
  });

  it('may begin with a blank line', () => {
    expect(httpText('\nGET / HTTP/1.1\n')).to.equal('\r\nGET / HTTP/1.1\r\n\r\n');
  });
});
