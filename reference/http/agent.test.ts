import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Agent, type AgentOptions, type OnSocket, type Outcome } from './agent.js';
import type { ClientRequest } from './client-request.js';
import { get } from './request.js';

describe('Agent', () => {
  let server: Server;
  let port: number;
  let agent: Agent;
  let fields: string;
  const connections: Socket[] = [];

  before(async () => {
    server = createServer((socket) => {
      connections.push(socket);
      socket.on('error', () => {});
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\n\r\nok`));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    fields = '';
    connections.length = 0;
  });
  afterEach(() => agent.destroy());
  after(() => server.close());

  const ask = (options = {}): ClientRequest => {
    const request = get({ host: '127.0.0.1', port, agent, ...options }, (response) => response.resume());
    request.on('error', () => {});
    return request;
  };
  const closed = async (...requests: ClientRequest[]): Promise<void> => {
    await Promise.all(requests.map((request) => new Promise((resolve) => request.once('close', resolve))));
    await immediate();
  };
  const kept = (): Socket[] => Object.values(agent.freeSockets).flat() as Socket[];

  /** Its sockets are passed to the callback, later. */
  class Slow extends Agent {
    made = 0;
    constructor(
      options: AgentOptions,
      readonly make: () => Socket | Error,
    ) {
      super(options);
    }
    override createConnection(_options: unknown, callback?: OnSocket): undefined {
      this.made++;
      setImmediate(() => {
        const result = this.make();
        if (result instanceof Error) (callback as Outcome)(result);
        else callback!(null, result);
      });
    }
  }

  it('counts connections that are being made', async () => {
    const slow = new Slow({ maxSockets: 1 }, () => connect(port, '127.0.0.1'));
    agent = slow;
    const requests = [ask(), ask(), ask()];
    expect(slow.made).to.equal(1);
    expect(Object.values(agent.requests)[0]).to.have.lengthOf(2);
    await closed(...requests);
    expect(slow.made).to.equal(1);
  });

  it('makes a connection for the next request when one could not be made', async () => {
    let failures = 1;
    agent = new Slow({ maxSockets: 1 }, () => (failures-- > 0 ? new Error('no') : connect(port, '127.0.0.1')));
    const first = ask();
    const second = ask();
    await closed(first, second);
    expect([first.res, second.res?.statusCode]).to.deep.equal([null, 200]);
  });

  it('closes an idle connection when the total is needed elsewhere', async () => {
    agent = new Agent({ keepAlive: true, maxTotalSockets: 1 });
    const first = ask();
    const elsewhere = ask({ localAddress: '127.0.0.1' });
    await closed(first, elsewhere);
    expect(elsewhere.res?.statusCode).to.equal(200);
    expect(connections).to.have.lengthOf(2);
    expect(agent.totalSocketCount).to.equal(1);
  });

  it('forgets a request that is destroyed while it waits', async () => {
    agent = new Agent({ maxSockets: 1 });
    const first = ask();
    const second = ask();
    second.destroy();
    expect(Object.keys(agent.requests)).to.deep.equal([]);
    await closed(first, second);
    expect(connections).to.have.lengthOf(1);
  });

  it('keeps the socket of a request that was destroyed before it got it', async () => {
    agent = new Slow({ keepAlive: true }, () => connect(port, '127.0.0.1'));
    const first = ask();
    first.destroy();
    await closed(first);
    while (kept().length === 0) await immediate();
    const second = ask();
    await closed(second);
    expect(second.reusedSocket).to.equal(true);
    expect(connections).to.have.lengthOf(1);
  });

  it('does not keep a socket with bytes that nobody asked for', async () => {
    agent = new Agent({ keepAlive: true });
    await closed(ask());
    const [socket] = kept();
    connections[0]!.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    await once(socket!, 'close');
    expect(kept()).to.deep.equal([]);
    const next = ask();
    await closed(next);
    expect(next.reusedSocket).to.equal(false);
  });

  for (const [offer, expected] of [
    ['timeout=3', 2000],
    ['timeout=60', 5000],
    ['max=3', 5000],
    ['timeout=1', undefined],
  ] as const) {
    it(`keeps a socket for ${expected} ms when the server offers ${offer}`, async () => {
      agent = new Agent({ keepAlive: true, timeout: 5000 });
      fields = `Keep-Alive: ${offer}\r\n`;
      await closed(ask());
      expect(kept()[0]?.timeout).to.equal(expected);
    });
  }

  it('sets the timeout anew for each request', async () => {
    agent = new Agent({ keepAlive: true, timeout: 5000 });
    await closed(ask({ timeout: 900 }));
    const [socket] = kept();
    expect(socket?.timeout).to.equal(5000);
    const second = ask({ timeout: 800 });
    await once(second, 'socket');
    expect(socket?.timeout).to.equal(800);
    await closed(second);
  });

  it("emits 'free', which decides what becomes of the socket", async () => {
    agent = new Agent({ keepAlive: true });
    agent.removeAllListeners('free');
    agent.on('free', (socket: Socket) => socket.destroy());
    await closed(ask());
    await immediate();
    expect(kept()).to.deep.equal([]);
    expect(agent.totalSocketCount).to.equal(0);
  });

  it('does not hand its socket the signal of a request', async () => {
    agent = new Agent({ keepAlive: true });
    const controller = new AbortController();
    await closed(ask({ signal: controller.signal }));
    const [socket] = kept();
    controller.abort();
    await immediate();
    expect(socket?.destroyed).to.equal(false);
  });

  it('lets what createConnection() throws pass', () => {
    agent = new Agent({ maxSockets: 1 });
    agent.createConnection = () => {
      throw new Error('thrown');
    };
    expect(() => ask()).to.throw('thrown');
    expect(() => ask()).to.throw('thrown');
  });
});
