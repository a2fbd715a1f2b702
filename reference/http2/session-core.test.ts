import { Duplex } from 'node:stream';
import { expect } from 'chai';
import { encodeFrame } from '../protocol/http2/encode-frame.js';
import { SettingId } from '../protocol/http2/settings.js';
import http2 from './index.js';

/** A socket that takes what it is given when it is told to. */
class SlowSocket extends Duplex {
  #taken: (() => void) | undefined;
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#taken = callback;
  }
  override _writev(_chunks: unknown, callback: () => void): void {
    this.#taken = callback;
  }
  async accept(): Promise<void> {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
    await turn();
  }
}

const turn = () => new Promise(setImmediate);

describe('the core of a session', () => {
  it('calls writers back when the socket has taken what they wrote, and no sooner', async () => {
    const socket = new SlowSocket();
    const client = http2.connect('http://a.example', { createConnection: () => socket });
    const settings = [[SettingId.INITIAL_WINDOW_SIZE, 1_000_000]] as const;
    await turn();
    socket.push(encodeFrame({ type: 'SETTINGS', flags: 0, streamId: 0, settings }));
    socket.push(encodeFrame({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: 1_000_000 }));
    const [first, second] = [client.request({ ':method': 'POST' }), client.request({ ':method': 'POST' })];
    await turn();
    // The preface and all else that is small.
    for (let i = 0; i < 5; i++) await socket.accept();
    const taken: string[] = [];
    first.write(Buffer.alloc(40_000), () => taken.push('first'));
    await turn();
    second.write(Buffer.alloc(40_000), () => taken.push('second'));
    await turn();
    expect(taken).to.deep.equal([]);
    await socket.accept();
    expect(taken).to.deep.equal(['first']);
    expect([first.bufferSize, second.bufferSize]).to.deep.equal([0, 40_000]);
    await socket.accept();
    expect(taken).to.deep.equal(['first', 'second']);
    // So little that no 'drain' follows.
    first.write(Buffer.alloc(10_000), () => taken.push('little'));
    await turn();
    expect(taken).to.have.length(2);
    for (let i = 0; i < 2; i++) await socket.accept();
    expect(taken).to.have.length(3);
    client.destroy();
  });
});
