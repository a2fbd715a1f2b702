import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { bundledWire } from '../bundled.js';
import { credentials } from '../controller/index.js';
import { judge } from '../judge/index.js';
import type { Vector } from '../plan.js';
import { compileText } from '../vectors/index.js';
import { performOnServer } from './perform.js';
import { probe } from './probe.js';
import { aimedAt, parseServer, type WireTarget } from './target.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function wireVector(steps: string): Vector {
  const head = '- id: wire.http1-server.x\n  title: x\n  rfc: 9112#3.2\n  level: MUST\n  timeout: 1500\n';
  const { vectors, faults } = compileText(`${head}  peer: { http1-client: [${steps}] }\n`, 'wire/x.yaml');
  expect(faults).to.deep.equal([]);
  return vectors[0]!;
}

describe('wire suites', () => {
  const servers: Server[] = [];
  const open = new Set<Socket>();
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    for (const socket of open) socket.destroy();
    open.clear();
  });

  async function serve(onConnection: (socket: Socket) => void): Promise<WireTarget> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      open.add(socket);
      onConnection(socket);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return parseServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined, false);
  }

  async function verdict(steps: string, onConnection: (socket: Socket) => void): Promise<string> {
    const vector = wireVector(steps);
    const target = await serve(onConnection);
    const { verdict, reason = '' } = judge(vector, await performOnServer(vector, target, credentials()));
    return `${verdict} ${reason}`.trim();
  }

  const GET = '{ connect: target }, { send: "GET /target HTTP/1.1\\r\\nHost: target.test\\r\\n\\r\\n" }';

  it('take any of several reactions', async () => {
    const refuse = `${GET}, { any-of: [closed, { status: 400 }] }`;
    expect(await verdict(refuse, (socket) => socket.once('data', () => socket.end()))).to.equal('pass');
    const answer = (text: string) => (socket: Socket) => socket.once('data', () => socket.write(text));
    expect(await verdict(refuse, answer(OK.replace('200', '400')))).to.equal('pass');
    expect(await verdict(refuse, answer(OK))).to.match(/^fail .* got response \{status: 200/);
  });

  it('tell nothing from something', async () => {
    expect(await verdict(`${GET}, { any-of: { of: [closed], within: 50ms } }`, () => {})).to.match(
      /nothing within 50 ms/,
    );
    expect(await verdict(`${GET}, { any-of: { of: [nothing], within: 50ms } }`, () => {})).to.equal('pass');
  });

  it('cut what is sent at every byte, each time on a connection of its own', async () => {
    const received: string[] = [];
    const split = '{ every-split: { to: target, send: "abcd" }, do: [{ receive: { all: "" } }] }';
    const all = await verdict(split, (socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
        if (text === 'abcd') socket.end();
      });
      received.push('');
    });
    expect(all).to.equal('pass');
    expect(received).to.have.length(3);
  });

  it('put host and path of the server in place of those that stand in vectors', () => {
    const target = { ...parseServer('http://127.0.0.1:81/x', undefined, false) };
    const [, send] = aimedAt(target, wireVector(`${GET}, answered`)).peers[0]!.script;
    const [part] = (send as unknown as { parts: { bytes: string }[] }).parts;
    expect(Buffer.from(part!.bytes, 'base64').toString()).to.equal('GET /x HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n');
  });

  it('say in one line what is no server of HTTP', async () => {
    const plain = () => wireVector(`${GET}, { receive: response }`);
    const why = async (onConnection: (socket: Socket) => void) => {
      const target = await serve(onConnection);
      return probe(target, ['http1'], plain, credentials()).then(
        () => 'speaks',
        (error: Error) => error.message.replace(/^\S+ /, ''),
      );
    };
    expect(await why((socket) => socket.once('data', () => socket.write(OK)))).to.equal('speaks');
    expect(await why((socket) => socket.destroy())).to.match(/^answers no plain request \(HTTP\/1.1: .+\)$/);
    expect(await why((socket) => socket.end('SSH-2.0\r\n'))).to.match(/not the first line of a response/);
  });

  it('have a plain request, and ids of their suites', () => {
    const { vectors } = bundledWire();
    for (const { id, wire } of vectors) expect(id.startsWith(`wire.${wire?.suite}.`), id).to.equal(true);
    expect(vectors.map(({ id }) => id)).to.include('wire.http1-server.plain.get');
  });
});
