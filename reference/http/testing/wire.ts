import { Duplex } from 'node:stream';

/** A connection in memory: what has been written to it, and whether that side has ended. */
export class Wire extends Duplex {
  text = '';

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.text += bytes.toString('latin1');
    callback();
  }
}
