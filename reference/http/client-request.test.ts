import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { type EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { expect } from 'chai';
import http from './index.js';
import type { RequestOptions } from './request-options.js';

/** Unlike `once()`, it does not mind errors. */
function closed(emitter: EventEmitter): Promise<unknown> {
  return new Promise((resolve) => emitter.once('close', resolve));
}

describe('ClientRequest', () => {
  let server: Server;
  let port: number;
  /** What the server does with a request; it may be set for a test. */
  let answer: (socket: Socket, request: string) => void;

  before(async () => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => answer(socket, chunk.toString('latin1')));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  after(() => server.close());

  const to = (options: RequestOptions = {}): RequestOptions => ({ host: '127.0.0.1', port, agent: false, ...options });

  /** A connection in memory, and what was written to it, write by write. */
  function inMemory(): { duplex: Duplex; writes: string[] } {
    const writes: string[] = [];
    const duplex = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, callback) {
        writes.push(chunk.toString('latin1'));
        callback();
      },
      writev(chunks, callback) {
        writes.push(chunks.map(({ chunk }) => (chunk as Buffer).toString('latin1')).join(''));
        callback();
      },
    });
    return { duplex, writes };
  }

  describe('sends', () => {
    const bodies: Record<string, (request: InstanceType<typeof http.ClientRequest>) => void> = {
      'no body': (request) => request.end(),
      'a string': (request) => request.end('hello'),
      'a short buffer': (request) => request.end(Buffer.from('hello')),
      'what is written in one tick': (request) => {
        request.write('hel');
        request.end('lo');
      },
    };
    for (const [name, send] of Object.entries(bodies)) {
      it(`${name} in one write with the head`, async () => {
        const { duplex, writes } = inMemory();
        const request = http.request({ host: 'a.test', method: 'POST', createConnection: () => duplex });
        request.on('error', () => {});
        send(request);
        await once(request, 'finish');
        expect(writes).to.have.lengthOf(1);
        expect(writes[0]).to.match(/^POST \/ HTTP\/1.1\r\nHost: a\.test/);
        request.destroy();
      });
    }

    it('headers given as a list, with Host', async () => {
      const { duplex, writes } = inMemory();
      const headers = ['X-A', '1', 'X-B', '2', 'X-A', '3'];
      const request = http.get({ host: 'a.test', headers, createConnection: () => duplex });
      request.on('error', () => {});
      await once(request, 'finish');
      expect(writes[0]).to.contain('\r\nX-A: 1\r\nX-A: 3\r\nX-B: 2\r\nHost: a.test:80\r\n');
      request.destroy();
      expect(() => http.get({ headers: ['X-A'] }))
        .to.throw(TypeError)
        .with.property('code', 'ERR_INVALID_ARG_VALUE');
    });
  });

  describe('keeps the asynchronous context of its making', () => {
    const storage = new AsyncLocalStorage<number>();

    async function contexts(agent: InstanceType<typeof http.Agent>, wait: boolean): Promise<unknown[]> {
      const seen: unknown[] = [];
      const made = [1, 2, 3].map((id) => async () => {
        const request = storage.run(id, () => http.get(to({ agent })));
        for (const event of ['socket', 'finish', 'close']) {
          request.on(event, () => seen.push([id, event, storage.getStore()]));
        }
        request.on('response', (response) => {
          for (const event of ['data', 'end', 'close']) {
            response.on(event, () => seen.push([id, `response ${event}`, storage.getStore()]));
          }
        });
        await closed(request);
      });
      if (wait) for (const make of made) await make();
      else await Promise.all(made.map((make) => make()));
      await immediate();
      agent.destroy();
      return seen;
    }

    for (const [how, wait] of [
      ['on a kept socket', true],
      ['when it has waited for its socket', false],
    ] as const) {
      it(how, async () => {
        const seen = await contexts(new http.Agent({ keepAlive: true, maxSockets: 1 }), wait);
        expect(seen).to.have.lengthOf(18);
        for (const [id, event, store] of seen as [number, string, number][]) expect(store, event).to.equal(id);
      });
    }
  });

  it('publishes what happens to it', async () => {
    const published: unknown[] = [];
    const names = ['request.created', 'request.start', 'request.error', 'response.finish'].map(
      (n) => `http.client.${n}`,
    );
    const listener = (message: unknown, name: string | symbol): void => {
      published.push([name, ...Object.keys(message as object)]);
    };
    for (const name of names) channel(name).subscribe(listener);
    try {
      const request = http.request(to({ method: 'POST' }));
      request.write('a');
      published.push('written');
      request.end();
      const [response] = await once(request, 'response');
      response.resume();
      await closed(request);
      answer = (socket) => socket.destroy();
      await once(http.get(to()), 'error');
    } finally {
      for (const name of names) channel(name).unsubscribe(listener);
    }
    expect(published).to.deep.equal([
      ['http.client.request.created', 'request'],
      'written',
      ['http.client.request.start', 'request'],
      ['http.client.response.finish', 'request', 'response'],
      ['http.client.request.created', 'request'],
      ['http.client.request.start', 'request'],
      ['http.client.request.error', 'request', 'error'],
    ]);
  });

  it('is destroyed when the promise of a listener is rejected', async () => {
    const request = http.get(to());
    const failure = new Error('rejected');
    (request as unknown as Record<symbol, (error: Error) => void>)[Symbol.for('nodejs.rejection')]!(failure);
    const [error] = await once(request, 'error');
    expect(error).to.equal(failure);
  });

  it('lets go of its signal', async () => {
    const listeners = new Set<unknown>();
    const { signal } = new AbortController();
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (type: string, listener: never) => {
      listeners.add(listener);
      addEventListener.call(signal, type, listener);
    };
    signal.removeEventListener = (type: string, listener: never) => {
      listeners.delete(listener);
      removeEventListener.call(signal, type, listener);
    };
    const request = http.get(to({ signal }), (response) => response.resume());
    expect(listeners.size).to.equal(1);
    await closed(request);
    expect(listeners.size).to.equal(0);
  });

  it('destroys a socket that comes too late', async () => {
    let late: Socket | undefined;
    const request = http.get({
      host: '127.0.0.1',
      createConnection: (_options, callback) => {
        setImmediate(() => {
          late = connect(port, '127.0.0.1');
          callback(null, late);
        });
        return undefined;
      },
    });
    request.on('error', () => {});
    request.destroy();
    await closed(request);
    while (late === undefined) await immediate();
    await once(late, 'close');
    expect(late.destroyed).to.equal(true);
  });

  it('fails when its socket has been destroyed before', async () => {
    const { duplex } = inMemory();
    duplex.destroy();
    await once(duplex, 'close');
    const request = http.get({ host: 'a.test', createConnection: () => duplex });
    const events: string[] = [];
    request.on('socket', () => events.push('socket'));
    request.on('error', (error) => events.push(error.message));
    await closed(request);
    expect(events).to.deep.equal(['socket', 'socket hang up']);
  });

  it('emits close only when a response that came whole has been read', async () => {
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const request = http.get(to());
    const [response] = await once(request, 'response');
    await once(request.socket!, 'close');
    await immediate();
    expect(request.closed).to.equal(false);
    response.resume();
    await closed(request);
    expect(response.readableEnded).to.equal(true);
  });

  it('gives up the body when the server has answered and goes', async () => {
    answer = (socket, text) => {
      if (text.startsWith('POST')) socket.write('HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    };
    const request = http.request(to({ method: 'POST' }), (response) => response.resume());
    const errors: Error[] = [];
    request.on('error', (error) => errors.push(error));
    request.write('a');
    await closed(request);
    request.write('b');
    request.end();
    await immediate();
    expect(errors).to.deep.equal([]);
  });

  it('may be made without new, and inherited from as of old', async () => {
    const Made = http.ClientRequest as unknown as (options: RequestOptions) => InstanceType<typeof http.ClientRequest>;
    const request = Made(to());
    expect(request).to.be.instanceOf(http.ClientRequest);
    request.end();
    const [response] = await once(request, 'response');
    expect(response.statusCode).to.equal(200);
    response.resume();
    expect((http.Agent as unknown as () => object)()).to.be.instanceOf(http.Agent);
  });
});
