import type { BlockKind, FieldBlock } from '../protocol/http2/connection-core.js';
import { toHeaders, toRawHeaders } from './headers.js';
import { kHeaders } from './internals.js';
import { Http2Stream } from './stream.js';

/** The response belongs to a stream that the server has pushed. */
export const kPushed = Symbol('pushed');

/** The stream has its number. */
export const kReady = Symbol('ready');

/** A stream of a client. Section class-clienthttp2stream. */
export class ClientHttp2Stream extends Http2Stream {
  [kPushed] = false;
  /** What was to be done before the stream had a number. */
  #deferred: (() => void) | undefined = undefined;

  protected override defer(action: () => void): void {
    this.#deferred = action;
  }

  [kReady](): void {
    if (!this.destroyed) this.emit('ready');
    if (!this.destroyed) this.#deferred?.();
    this.#deferred = undefined;
  }

  override [kHeaders](block: FieldBlock, kind: BlockKind, flags: number): void {
    const headers = toHeaders(block);
    this.touch();
    if (kind === 'trailers') {
      this.emit('trailers', headers, flags, toRawHeaders(block));
    } else if (kind === 'informational') {
      this.emit('headers', headers, flags, toRawHeaders(block));
      if (Number(headers[':status']) === 100) this.emit('continue');
    } else {
      super[kHeaders](block, kind, flags);
      this.emit(this[kPushed] ? 'push' : 'response', headers, flags, toRawHeaders(block));
    }
  }
}
