import { captureRejectionSymbol, once } from 'node:events';
import * as nodeHttp2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import { Http2ServerRequest } from './compat-request.js';
import { Http2ServerResponse } from './compat-response.js';
import { createServer, type Http2Server, type ServerOptions } from './server.js';

type Handler = (req: Http2ServerRequest, res: Http2ServerResponse) => unknown;

/** A server on the reference and a client of Node's own. */
class Pair {
  readonly #closing: (() => void)[] = [];

  async open(handler: Handler, options: ServerOptions = {}): Promise<[Http2Server, nodeHttp2.ClientHttp2Session]> {
    const server = createServer(options, handler);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = nodeHttp2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    this.#closing.push(
      () => client.destroy(),
      () => server.close(),
    );
    return [server, client];
  }

  close(): void {
    for (const close of this.#closing.splice(0)) close();
  }
}

describe('the compatibility API of http2', () => {
  const pair = new Pair();
  afterEach(() => pair.close());

  it('echoes megabytes through a pipeline, which ends', async () => {
    let done: Promise<void> | undefined;
    const [, client] = await pair.open((req, res) => {
      done = pipeline(req, res as unknown as NodeJS.WritableStream);
    });
    const body = Buffer.alloc(3 * 1024 * 1024, 'echo');
    const stream = client.request({ ':method': 'POST' });
    const echoed = text(stream);
    await pipeline(Readable.from([body]), stream);
    expect((await echoed) === body.toString()).to.equal(true);
    await done;
  });

  it('finishes a response to HEAD that is written piece by piece', async () => {
    const seen: string[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      const answer = async (res: Http2ServerResponse): Promise<void> => {
        res.on('finish', () => seen.push('finish')).on('close', () => seen.push('close'));
        await new Promise((written) => res.write('one', written));
        // HEADERS have ended the stream.
        if (!res.stream.destroyed) await once(res.stream, 'close');
        expect(res.write('two')).to.equal(true);
        res.end('three', () => resolve());
      };
      void pair
        .open((_req, res) => void answer(res).catch(reject))
        .then(([, client]) => client.request({ ':method': 'HEAD' }).resume());
    });
    await ended;
    expect(seen).to.deep.equal(['finish']);
  });

  it('knows where a request came from after its stream and its session are gone', async () => {
    let req: Http2ServerRequest | undefined;
    const [server, client] = await pair.open((request) => {
      req = request;
      void request.socket;
    });
    const gone = once(server, 'request').then(() => once(req!, 'close'));
    client.request().on('error', () => {});
    await once(server, 'request');
    client.destroy();
    await gone;
    expect(req!.socket.destroyed).to.equal(true);
    expect(req!.socket).to.have.property('remoteFamily');
    expect(() => req!.socket.write('x'))
      .to.throw()
      .with.property('code', 'ERR_HTTP2_NO_SOCKET_MANIPULATION');
  });

  it('takes calls on a response whose stream is gone', async () => {
    let res: Http2ServerResponse | undefined;
    const [server, client] = await pair.open((_req, response) => {
      res = response;
    });
    const stream = client.request().on('error', () => {});
    await once(server, 'request');
    stream.close(8);
    await once(res!, 'close');
    const failed: unknown[] = [];
    expect(res!.write('x', (error) => failed.push((error as { code?: string }).code))).to.equal(false);
    res!.setHeader('x-a', '1');
    expect(res!.writeHead(404)).to.equal(res);
    expect(res!.writeContinue()).to.equal(false);
    expect(res!.writeEarlyHints({ link: '</a>; rel=preload' })).to.equal(false);
    await new Promise<void>((ended) => res!.end('x', () => ended()));
    expect(failed).to.deep.equal(['ERR_HTTP2_INVALID_STREAM']);
    expect(res!.headersSent).to.equal(false);
    expect(res!.socket).to.equal(undefined);
  });

  it('tells the callback of a push that the client does not want', async () => {
    const [server, client] = await pair.open((_req, res) => {
      res.createPushResponse({ ':path': '/a' }, (error) => res.end((error as { code?: string } | null)?.code));
    });
    client.settings({ enablePush: false });
    await once(client, 'localSettings');
    expect(server.listening).to.equal(true);
    expect(await text(client.request())).to.equal('ERR_HTTP2_PUSH_DISABLED');
  });

  it('makes requests, responses and pushed responses of the classes given', async () => {
    class Request extends Http2ServerRequest {}
    class Response extends Http2ServerResponse {}
    const [, client] = await pair.open(
      (req, res) => {
        expect(req).to.be.instanceOf(Request);
        res.createPushResponse({ ':path': '/a' }, (_error, pushed) => {
          pushed!.end();
          res.end(`${res instanceof Response} ${pushed instanceof Response} ${pushed!.req}`);
        });
      },
      { Http2ServerRequest: Request, Http2ServerResponse: Response },
    );
    expect(await text(client.request())).to.equal('true true null');
  });

  it('answers 500 for a listener that rejects, and destroys a response that has begun', async () => {
    const [server, client] = await pair.open((req, res) => {
      res.setHeader('x-secret', '1');
      if (req.url === '/begun') res.flushHeaders();
      server[captureRejectionSymbol](new Error('rejected'), 'request', req, res);
    });
    const early = client.request();
    const [headers] = (await once(early, 'response')) as [nodeHttp2.IncomingHttpHeaders];
    expect(headers[':status']).to.equal(500);
    expect(headers).not.to.have.property('x-secret');
    expect(await text(early)).to.equal('Internal Server Error');
    const begun = client.request({ ':path': '/begun' }).resume();
    await once(begun, 'error');
    expect(begun.rstCode).to.equal(2);
  });

  it('leaves a response as it was when its headers cannot be sent', async () => {
    const [, client] = await pair.open((_req, res) => {
      res.setHeader('transfer-encoding', 'chunked');
      expect(() => res.end('x'))
        .to.throw()
        .with.property('code', 'ERR_HTTP2_INVALID_CONNECTION_HEADERS');
      expect(res.writableEnded).to.equal(false);
      expect(res.getHeaderNames()).to.deep.equal(['transfer-encoding']);
      res.removeHeader('transfer-encoding');
      res.end('y');
    });
    expect(await text(client.request())).to.equal('y');
  });

  it('takes names that objects have from birth for headers like others', async () => {
    const [, client] = await pair.open((_req, res) => {
      expect(res.getHeader('constructor')).to.equal(undefined);
      expect(res.hasHeader('__proto__')).to.equal(false);
      res.setHeader('__proto__', 'a');
      expect(res.getHeader('constructor')).to.equal(undefined);
      res.setHeader('constructor', 'b');
      res.end(res.getHeaderNames().join());
    });
    expect(await text(client.request())).to.equal('__proto__,constructor');
  });
});
