import net from 'node:net';
import { expect } from 'chai';
import type { PeerStepBody } from '../plan.js';
import { accept, peer, receiveRequest, serve } from './testing/perform.js';
import { TOTAL_LIMIT } from './transcript.js';

describe('peer', () => {
  it('says where it was stuck at the end', async () => {
    const { peer: server } = peer('http1-server', [accept, receiveRequest]);
    await server.start();
    const record = await server.finish();
    expect(record).to.deep.equal({ name: 'peer', lines: [], transcript: [], stuck: { n: 1, text: 'accept' } });
    await server.done;
    expect(await server.finish()).to.equal(record);
  });

  it('closes its connections and its server at the end', async () => {
    const { peer: server } = peer('http1-server', [accept, receiveRequest]);
    const address = (await server.start())!;
    const socket = net.connect(address.port, address.host);
    await new Promise((resolve) => socket.on('connect', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => {});
    socket.resume();
    await server.finish();
    await closed;
    const late = net.connect(address.port, address.host);
    expect(
      await new Promise((resolve) => late.on('error', (error) => resolve('code' in error && error.code))),
    ).to.equal('ECONNREFUSED');
  });

  it('is not held up by a loop for as long as the connection lasts', async () => {
    const forever: PeerStepBody = {
      op: 'repeat',
      times: null,
      do: [{ ...receiveRequest, n: 0, line: 0, text: '' } as never],
    };
    const record = await serve('http1-server', [accept, forever], (address) => {
      net.connect(address.port, address.host).on('error', () => {});
    });
    expect(record).not.to.have.any.keys('failed', 'stuck');
  });

  it('rejects when it cannot listen', async () => {
    const { peer: server } = peer('http1-server', [], { host: '203.0.113.1' });
    const error = await server.start().then(
      () => null,
      (reason) => reason,
    );
    expect(error).to.include({ code: 'EADDRNOTAVAIL' });
    await server.finish();
  });

  it('bounds the transcript of a flood', async () => {
    const all: PeerStepBody = { op: 'receive', what: { kind: 'bytes', count: null, matcher: null } as never };
    const record = await serve('http1-server', [accept, all], async (address) => {
      const socket = net.connect(address.port, address.host);
      for (let i = 0; i < 300; i++) {
        socket.write(Buffer.alloc(65_536, i));
        await new Promise(setImmediate);
      }
      socket.end();
    });
    const size = record.transcript.reduce((sum, { text = '' }) => sum + text.length, 0);
    expect(size).to.be.lessThan(TOTAL_LIMIT + 10_000);
  });
});
