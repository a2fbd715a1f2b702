// http.ServerResponse: the answer to one request of a server.

import type { Duplex, Writable } from 'node:stream';
import { linkValue } from '../common/early-hints.js';
import * as errors from '../common/errors.js';
import { validateHeaderName, validateHeaderValue } from '../common/headers.js';
import { validateObject } from '../common/validate.js';
import { isFieldValue } from '../protocol/http1/grammar.js';
import { statusLine } from '../protocol/http1/serializer.js';
import { STATUS_CODES } from './constants.js';
import type { IncomingMessage } from './incoming-message.js';
import type { HeaderFields, UncheckedFields } from './message-head.js';
import { OutgoingMessage, type OutgoingMessageOptions, type WriteCallback } from './outgoing-message.js';

/** Who hears how far a response has come: the connection that it is sent on. */
export interface ResponseOwner {
  /** Everything has been written; the next response may follow. */
  responseEnded(response: ServerResponse): void;
  /** Everything has been handed to the operating system. */
  responseFlushed(response: ServerResponse): void;
}

/** What a response has to know of the request that it answers. */
export interface AnsweredRequest {
  readonly method?: string | null | undefined;
  readonly httpVersionMajor?: number;
  readonly httpVersionMinor?: number;
  readonly headers?: Record<string, string | string[] | undefined>;
}

const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i;

/** Status lines with standard reasons, made when they are first needed. */
const statusLines: (string | undefined)[] = [];

function statusLineOf(status: number, reason: string): string {
  if (reason !== STATUS_CODES[status]) return statusLine(status, reason);
  return (statusLines[status] ??= statusLine(status, reason));
}

/** @see section `class-httpserverresponse` */
export class ServerResponse extends OutgoingMessage {
  /** Section `responsereq` */
  override readonly req: IncomingMessage;
  /** Section `responsestatuscode` */
  statusCode = 200;
  /** The standard reason when it is undefined. Section `responsestatusmessage` */
  statusMessage: string = undefined as never;

  _expectContinue = false;
  _sentContinue = false;
  _owner: ResponseOwner | null = null;

  constructor(request: AnsweredRequest, options?: OutgoingMessageOptions) {
    super(options);
    this.req = request as IncomingMessage;
    this.sendDate = true;
    if (request.method === 'HEAD') this._hasBody = false;
    const { httpVersionMajor: major = 1, httpVersionMinor: minor = 0 } = request;
    if (major < 1 || minor < 1) {
      // HTTP/1.0 knows no chunks, unless the client says otherwise. RFC 9112 §6.1
      this.useChunkedEncodingByDefault = CHUNKED.test(String(request.headers?.te));
      this.shouldKeepAlive = false;
    }
  }

  /**
   * Makes the head. Section `responsewriteheadstatuscode-statusmessage-headers`
   *
   * @param statusCode - in [100, 999]
   * @param reason - status message; the headers may stand in its place
   * @param headers - an object, names and values in turn, or pairs; they replace those of `setHeader()`
   * @throws ERR_HTTP_HEADERS_SENT; ERR_HTTP_INVALID_STATUS_CODE; ERR_INVALID_ARG_VALUE for a list of odd length;
   * ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN and ERR_HTTP_INVALID_HEADER_VALUE
   */
  writeHead(statusCode: number, reason?: string | UncheckedFields | null, headers?: UncheckedFields | null): this {
    if (this._header !== null) throw errors.headersSent('write');
    const status = statusCode | 0;
    if (typeof statusCode !== 'number' || status < 100 || status > 999) throw errors.invalidStatusCode(statusCode);
    const given = headers ?? (typeof reason === 'string' ? null : reason) ?? null;
    const message = typeof reason === 'string' ? reason : this.statusMessage || (STATUS_CODES[status] ?? 'unknown');
    if (!isFieldValue(message)) throw errors.invalidChar('statusMessage');
    const fields = given === null ? this._fields : merge(this, given);
    this._hasBody = status !== 204 && status !== 304 && status >= 200 && this.req.method !== 'HEAD';
    // A client that was not told to continue may send the body or not: what follows cannot be told from it.
    if (this._expectContinue && !this._sentContinue) this.shouldKeepAlive = false;
    this._storeHeader(statusLineOf(status, message), fields, status);
    this.statusCode = status;
    this.statusMessage = message;
    return this;
  }

  /** Alias of `writeHead()`. */
  writeHeader(...args: Parameters<ServerResponse['writeHead']>): this {
    return this.writeHead(...args);
  }

  /** Section `responsewritecontinue` */
  writeContinue(callback?: WriteCallback): void {
    this._writeRaw('HTTP/1.1 100 Continue\r\n\r\n', callback);
    this._sentContinue = true;
  }

  /** Section `responsewriteprocessing` */
  writeProcessing(callback?: WriteCallback): void {
    this._writeRaw('HTTP/1.1 102 Processing\r\n\r\n', callback);
  }

  /**
   * Sends 103 Early Hints; nothing without a `link`. Section `responsewriteearlyhintshints-callback`
   *
   * @throws ERR_INVALID_ARG_TYPE; ERR_INVALID_ARG_VALUE for a link of another form; the errors of `setHeader()`
   */
  writeEarlyHints(hints: Record<string, string | string[]>, callback?: WriteCallback): void {
    validateObject(hints, 'hints');
    if (hints.link === undefined || hints.link === null) return;
    const link = linkValue(hints.link);
    if (link === '') return;
    let lines = `Link: ${link}\r\n`;
    for (const [name, value] of Object.entries(hints)) {
      if (name === 'link') continue;
      validateHeaderName(name);
      validateHeaderValue(name, value);
      lines += `${name}: ${value}\r\n`;
    }
    this._writeRaw(`HTTP/1.1 103 Early Hints\r\n${lines}\r\n`, callback);
  }

  /**
   * Sends the response on a socket that no server looks after.
   *
   * @throws ERR_HTTP_SOCKET_ASSIGNED when the socket carries another message
   */
  assignSocket(socket: Duplex | Writable): void {
    const carrier = socket as Carrier;
    if (carrier._httpMessage) throw errors.socketAssigned();
    carrier._httpMessage = this;
    carrier.on('close', onCarrierClose);
    this._assign(carrier);
  }

  detachSocket(socket: Duplex | Writable): void {
    const carrier = socket as Carrier;
    carrier.removeListener('close', onCarrierClose);
    carrier._httpMessage = null;
    this._release();
  }

  override _implicitHeader(): void {
    const status: unknown = this.statusCode;
    // Programs set text, which only writeHead() itself is to refuse.
    this.writeHead(typeof status === 'string' ? Number(status) || (status as never) : (status as number));
  }

  override _finish(): void {
    super._finish();
    this._owner?.responseEnded(this);
  }

  override _flushed(): void {
    this._allFlushed = true;
    this._owner?.responseFlushed(this);
    super._flushed();
  }

  /** The response is over: sent, or its connection lost. */
  _close(): void {
    if (this._closed) return;
    this.destroyed = true;
    this._closed = true;
    this.emit('close');
  }
}

/** The fields of `writeHead()`, behind those of `setHeader()` that they do not replace. */
function merge(response: ServerResponse, given: UncheckedFields): HeaderFields | UncheckedFields {
  if (Array.isArray(given) && !Array.isArray(given[0]) && given.length % 2 !== 0) {
    throw errors.invalidArgValue('headers', given);
  }
  if (response._fields === null) {
    const unique = response._uniqueHeaders;
    return unique === null ? given : joinUnique(given, unique);
  }
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given)) response.setHeader(name, value as string);
    return response._fields;
  }
  const pairs = Array.isArray(given[0]) ? (given as [string, string][]) : pairsOf(given as string[]);
  for (const [name] of pairs) response.removeHeader(name);
  for (const [name, value] of pairs) response.appendHeader(name, value);
  return response._fields;
}

/** A list in which the names of `uniqueHeaders` come once, with all their values. */
function joinUnique(given: UncheckedFields, unique: ReadonlySet<string>): UncheckedFields {
  if (!Array.isArray(given)) return given;
  const pairs = Array.isArray(given[0]) ? (given as [string, string][]) : pairsOf(given as string[]);
  const values = new Map<string, unknown[]>();
  return pairs.flatMap(([name, value]): [string, string][] => {
    const key = String(name).toLowerCase();
    if (!unique.has(key)) return [[name, value]];
    const earlier = values.get(key);
    if (earlier) {
      earlier.push(...[value].flat());
      return [];
    }
    const all = [value].flat();
    values.set(key, all);
    return [[name, all as never]];
  });
}

function pairsOf(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
}

/** A socket that carries a message. */
export type Carrier = Duplex & { _httpMessage?: OutgoingMessage | null };

function onCarrierClose(this: Carrier): void {
  (this._httpMessage as ServerResponse | null | undefined)?._close();
}
