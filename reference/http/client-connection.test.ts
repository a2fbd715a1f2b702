import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { ClientRequest } from './client-request.js';
import type { IncomingMessage } from './incoming-message.js';
import { request } from './request.js';
import type { RequestOptions } from './request-options.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A request on a connection in memory, on which each of the answers comes at once. */
function exchange(
  answers: string[],
  options: RequestOptions = {},
): { asked: ClientRequest; socket: Duplex; seen: string[] } {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, callback) => callback() });
  const asked = request({ host: 'a.test', createConnection: () => socket, ...options });
  const seen: string[] = [];
  asked.on('information', ({ statusCode }) => seen.push(`information ${statusCode}`));
  asked.on('error', (error) => seen.push(`error ${error.code}`));
  asked.on('close', () => seen.push('close'));
  asked.on('finish', async () => {
    for (const answer of answers) {
      socket.push(answer, 'latin1');
      await immediate();
    }
  });
  asked.end();
  return { asked, socket, seen };
}

async function text(response: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of response) all += chunk;
  return all;
}

describe('ClientConnection', () => {
  for (const [name, rest] of Object.entries({
    'a second response': OK,
    'a part of one': 'HTTP/1.1 2',
  })) {
    it(`is not used again when ${name} came behind the response`, async () => {
      const { asked, socket } = exchange([OK + rest], { headers: { Connection: 'keep-alive' } });
      const [response] = await once(asked, 'response');
      expect(await text(response)).to.equal('ok');
      await immediate();
      expect(socket.destroyed).to.equal(true);
    });
  }

  it('stays open after a response, for a request that asks for it', async () => {
    const { asked, socket, seen } = exchange([OK], { headers: { Connection: 'keep-alive' } });
    const [response] = await once(asked, 'response');
    let free = 0;
    socket.on('free', () => free++);
    expect(await text(response)).to.equal('ok');
    await immediate();
    expect({ seen, free, destroyed: socket.destroyed }).to.deep.equal({ seen: ['close'], free: 1, destroyed: false });
  });

  it('takes 1xx responses to CONNECT for what they are', async () => {
    const answer = 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\r\ntunnel';
    const { asked, seen } = exchange([answer], { method: 'CONNECT', path: 'b.test:443' });
    const [response, , head] = await once(asked, 'connect');
    expect([response.statusCode, head.toString(), ...seen]).to.deep.equal([200, 'tunnel', 'information 102', 'close']);
  });

  it('loses nothing that comes between an upgrade and a listener', async () => {
    const answers = ['HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\none ', 'two ', 'three'];
    const { asked, socket } = exchange(answers);
    const [, upgraded, head] = await once(asked, 'upgrade');
    expect(upgraded).to.equal(socket);
    for (let i = 0; i < 5; i++) await immediate();
    socket.push(null);
    let rest = '';
    for await (const chunk of socket) rest += chunk;
    expect(head + rest).to.equal('one two three');
  });

  it('leaves nothing of its own on an upgraded socket', async () => {
    const { asked, socket } = exchange(['HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n']);
    await once(asked, 'upgrade');
    for (const event of ['data', 'end', 'drain', 'timeout', 'error']) {
      expect(socket.listenerCount(event), event).to.equal(0);
    }
  });

  it('stops reading while the reader of the response is behind', async () => {
    const chunk = 'x'.repeat(60_000);
    const { asked, socket } = exchange([`HTTP/1.1 200 OK\r\nContent-Length: 360000\r\n\r\n${chunk}`]);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.pause();
    for (let i = 0; i < 5; i++) socket.push(chunk);
    for (let i = 0; i < 10; i++) await immediate();
    expect(socket.isPaused()).to.equal(true);
    expect(response.readableLength).to.be.lessThan(180_000);
    expect((await text(response)).length).to.equal(360_000);
  });

  it('gives the error of a response that its reader destroys to that reader', async () => {
    const { asked, seen } = exchange(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok']);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const failure = new Error('enough');
    response.destroy(failure);
    const [error] = await once(response, 'error');
    expect(error).to.equal(failure);
    await immediate();
    expect(seen).to.deep.equal(['close']);
  });

  it('tells the bytes that were no response', async () => {
    const { asked } = exchange(['SSH-2.0-OpenSSH\r\n']);
    const [error] = await once(asked, 'error');
    expect(error).to.include({ code: 'HPE_INVALID_CONSTANT' });
    expect(error.rawPacket.toString()).to.equal('SSH-2.0-OpenSSH\r\n');
    expect(error.bytesParsed).to.be.a('number');
  });
});
