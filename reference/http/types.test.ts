// Code that is typed against node:http compiles when it is handed the reference: here the compiler is the test.

import { once } from 'node:events';
import type * as node from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import reference, * as names from './index.js';

/** The module itself, and each of its names. */
const http: typeof node = reference;
const namespace: typeof node = names;

/** A listener, as applications and frameworks have it. */
const listener: node.RequestListener = async (request, response) => {
  response.setHeader('X-Url', request.url ?? '').writeHead(201, { 'X-Method': String(request.method) });
  response.end((await text(request)).toUpperCase());
};

function serve(module: Pick<typeof node, 'createServer'>): node.Server {
  const options: node.ServerOptions = { keepAliveTimeout: 100, uniqueHeaders: ['x-one'] };
  const server = module.createServer(options, listener);
  server.on('upgrade', (request: node.IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.end(request.headers.upgrade ?? head);
  });
  return server;
}

async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function ask(module: Pick<typeof node, 'request'>, options: node.RequestOptions): Promise<node.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request: node.ClientRequest = module.request(options, resolve);
    request.on('error', reject).end('body');
  });
}

/** Classes that inherit, and objects that are passed on. */
class Request extends http.IncomingMessage {
  readonly seen = Date.now();
}
class Response extends http.ServerResponse<Request> {
  age(): number {
    return Date.now() - this.req.seen;
  }
}
class Agent extends http.Agent {
  made = 0;
  override createConnection(...args: Parameters<node.Agent['createConnection']>): Duplex | null | undefined {
    this.made++;
    return super.createConnection(...args);
  }
}

describe('code typed against node:http', () => {
  it('compiles when it is handed the reference, and runs', async () => {
    const server = serve(http);
    const agent: node.Agent = new Agent({ keepAlive: true });
    const port = await listen(server);
    const response = await ask(http, { port, agent, method: 'PUT', path: '/a', headers: { 'X-Own': ['a', 'b'] } });
    expect(response.statusCode).to.equal(201);
    expect(response.headers).to.include({ 'x-url': '/a', 'x-method': 'PUT' });
    expect(await text(response)).to.equal('BODY');
    expect((agent as Agent).made).to.equal(1);
    agent.destroy();
    server.close();
  });

  it('may be handed classes of its own, and the types of the reference', async () => {
    const server: names.Server = reference.createServer(listener);
    const own: node.Server<typeof Request, typeof Response> = http.createServer(
      { IncomingMessage: Request, ServerResponse: Response },
      (request, response) => response.end(`${response.age() >= 0 && request.seen > 0}`),
    );
    const port = await listen(own);
    const options: names.RequestOptions = { port, agent: false };
    const response: names.IncomingMessage = await new Promise((resolve) => {
      reference.get(options, resolve);
    });
    expect(await text(response)).to.equal('true');
    expect(namespace.createServer).to.equal(reference.createServer);
    own.close();
    server.close();
  });
});
