import type { HeaderField } from '../protocol/hpack/header-field.js';
import type { BlockKind } from '../protocol/http2/connection-core.js';
import { toHeaders, toRawHeaders } from './headers.js';
import { kHeaders } from './internals.js';
import { Http2Stream } from './stream.js';

/** The response belongs to a stream that the server has pushed. */
export const kPushed = Symbol('pushed');

/** A stream of a client. Section class-clienthttp2stream. */
export class ClientHttp2Stream extends Http2Stream {
  [kPushed] = false;

  override [kHeaders](fields: readonly HeaderField[], kind: BlockKind, flags: number): void {
    const headers = toHeaders(fields);
    this.touch();
    if (kind === 'trailers') {
      this.emit('trailers', headers, flags, toRawHeaders(fields));
    } else if (kind === 'informational') {
      this.emit('headers', headers, flags, toRawHeaders(fields));
      if (Number(headers[':status']) === 100) this.emit('continue');
    } else {
      super[kHeaders](fields, kind, flags);
      this.emit(this[kPushed] ? 'push' : 'response', headers, flags, toRawHeaders(fields));
    }
  }
}
