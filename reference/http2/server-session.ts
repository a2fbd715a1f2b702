import type { Duplex } from 'node:stream';
import { invalidArgType, invalidChar, outOfRange } from '../common/errors.js';
import { http2Error, http2TypeError } from '../common/http2-errors.js';
import { validateString } from '../common/validate.js';
import type { FieldBlock } from '../protocol/http2/connection-core.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import { constants } from './constants.js';
import { toHeaders, toRawHeaders } from './headers.js';
import { kHeaders, type StreamOwner } from './internals.js';
import { ServerHttp2Stream, ServerInternals } from './server-stream.js';
import { Http2Session, kCore } from './session.js';
import type { SessionOptions } from './session-options.js';
import { settingsToEntries } from './settings.js';

export type OriginLike = string | URL | { origin: string };

/** ALTSVC and ORIGIN are a frame each: what does not fit cannot be sent. */
const MAX_PAYLOAD = 16_382;

const NOT_FIELD_TEXT = /[^\t\x20-\x7e]/;

export interface ServerSessionOptions extends SessionOptions {
  /** Origins to announce when a session begins. */
  origins?: readonly OriginLike[] | undefined;
}

/** A server's session. Section class-serverhttp2session. */
export class ServerHttp2Session extends Http2Session {
  constructor(socket: Duplex, options: ServerSessionOptions) {
    super('server', options);
    this[kCore].watch(socket);
    this.start(socket, settingsToEntries(options.settings ?? {}));
    if (options.origins && options.origins.length > 0) this.origin(...options.origins);
    process.nextTick(connected, this, socket);
  }

  override get type(): number {
    return constants.NGHTTP2_SESSION_SERVER;
  }

  /**
   * Announces an alternative service. RFC 7838
   *
   * @param originOrStream - an origin, or the number of a stream
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_CHAR, ERR_INVALID_URL, ERR_OUT_OF_RANGE,
   *   ERR_HTTP2_ALTSVC_INVALID_ORIGIN, ERR_HTTP2_ALTSVC_LENGTH
   */
  altsvc(alt: string, originOrStream: number | OriginLike): void {
    if (this.destroyed) throw http2Error('ERR_HTTP2_INVALID_SESSION');
    let stream = 0;
    let origin = '';
    if (typeof originOrStream === 'number') {
      if (!(originOrStream > 0 && originOrStream <= 0x7fff_ffff)) {
        throw outOfRange('originOrStream', '> 0 && < 4294967296', originOrStream);
      }
      stream = originOrStream;
    } else if (originOrStream !== undefined) {
      origin = this.#originOf(originOrStream, 'originOrStream', 'ERR_HTTP2_ALTSVC_INVALID_ORIGIN');
    }
    validateString(alt, 'alt');
    if (NOT_FIELD_TEXT.test(alt)) throw invalidChar('alt');
    if (alt.length + origin.length > MAX_PAYLOAD) throw http2TypeError('ERR_HTTP2_ALTSVC_LENGTH');
    this[kCore].connection!.altsvc(stream, origin, alt);
    this[kCore].flushSoon();
  }

  /**
   * Announces origins for which this server answers. RFC 8336
   *
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_URL, ERR_HTTP2_INVALID_ORIGIN,
   *   ERR_HTTP2_ORIGIN_LENGTH
   */
  origin(...origins: readonly OriginLike[]): void {
    if (this.destroyed) throw http2Error('ERR_HTTP2_INVALID_SESSION');
    if (origins.length === 0) return;
    const list = origins.map((origin) => this.#originOf(origin, 'origin', 'ERR_HTTP2_INVALID_ORIGIN'));
    const length = list.reduce((sum, origin) => sum + 2 + origin.length, 0);
    if (length > MAX_PAYLOAD) throw http2TypeError('ERR_HTTP2_ORIGIN_LENGTH');
    this[kCore].connection!.origin(list);
    this[kCore].flushSoon();
  }

  #originOf(
    given: OriginLike,
    name: string,
    code: 'ERR_HTTP2_ALTSVC_INVALID_ORIGIN' | 'ERR_HTTP2_INVALID_ORIGIN',
  ): string {
    let origin: unknown;
    if (typeof given === 'string') origin = new URL(given).origin;
    else if (given !== null && typeof given === 'object') origin = given.origin;
    if (typeof origin !== 'string') throw invalidArgType(name, 'one of type string, URL, or object', given);
    if (origin === 'null' || origin === '') throw http2TypeError(code);
    return origin;
  }

  protected override onRequest(entry: StreamEntry<StreamOwner>, block: FieldBlock, flags: number): void {
    const core = this[kCore];
    if (this.listenerCount('stream') === 0) {
      core.connection!.reset(entry, constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    const stream = new ServerHttp2Stream(new ServerInternals(core, entry));
    entry.owner = stream;
    core.streams.add(stream);
    const headers = toHeaders(block);
    stream[kHeaders](block, 'request', flags);
    stream.requested(headers);
    this.emit('stream', stream, headers, flags, toRawHeaders(block));
  }
}

/** Whoever has the session by now may listen. Section event-connect */
function connected(session: ServerHttp2Session, socket: Duplex): void {
  if (!session.destroyed) session.emit('connect', session, socket);
}
