import nodeHttp from 'node:http';
import { Stream } from 'node:stream';
import { inherits } from 'node:util';
import { expect } from 'chai';
import http, * as named from './index.js';

type Constructor = (this: object, ...args: unknown[]) => void;

describe('the module', () => {
  it('exports what node:http exports, by default and by name', () => {
    // Names that Node 23.5 does not have yet are newer than the documentation.
    const expected = Object.keys(nodeHttp).filter((name) => !['default', 'setGlobalProxyFromEnv'].includes(name));
    expect(Object.keys(http)).to.include.members(expected);
    expect(Object.keys(named)).to.include.members(expected);
  });

  it('gives its classes the names and parents of those of Node', () => {
    for (const name of [
      'Agent',
      'ClientRequest',
      'IncomingMessage',
      'OutgoingMessage',
      'Server',
      'ServerResponse',
    ] as const) {
      expect(http[name].name).to.equal(name);
      expect(http[name].prototype.constructor).to.equal(http[name]);
      const parent = (of: object) => (Object.getPrototypeOf(of) as { name: string }).name;
      expect(parent(http[name])).to.equal(parent(nodeHttp[name]));
    }
    expect(Object.getPrototypeOf(http.OutgoingMessage)).to.equal(Stream);
  });

  it('has classes that may be called', () => {
    const server = (http.Server as unknown as () => object)();
    expect(server).to.be.instanceOf(http.Server);
    function Response(this: object): void {
      (http.ServerResponse as unknown as Constructor).call(this, {
        method: 'GET',
        httpVersionMajor: 1,
        httpVersionMinor: 1,
      });
    }
    inherits(Response, http.ServerResponse);
    const response = new (Response as unknown as new () => named.ServerResponse)();
    expect(response).to.be.instanceOf(http.OutgoingMessage);
    response.setHeader('X-A', 'b');
    response.writeHead(200);
    expect(response._header).to.match(/^HTTP\/1\.1 200 OK\r\nX-A: b\r\n/);
  });

  it('has classes that may be extended', () => {
    class Response extends http.ServerResponse {
      readonly mine = true;
    }
    const response = new Response({ method: 'GET' });
    expect(response).to.be.instanceOf(http.ServerResponse);
    expect(response.constructor).to.equal(Response);
    expect(response.mine).to.equal(true);
  });

  it('makes instances of one kind, whichever way they are made', () => {
    const made = [new http.ServerResponse({ method: 'GET' }), Reflect.construct(http.ServerResponse, [{}])];
    for (const response of made) {
      expect(Object.getPrototypeOf(response)).to.equal(http.ServerResponse.prototype);
      expect(response.constructor).to.equal(http.ServerResponse);
    }
  });
});
