import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { invalidArgType } from '../common/errors.js';
import { http2Error, http2RangeError } from '../common/http2-errors.js';
import { validateFunction, validateInteger, validateNumber } from '../common/validate.js';
import type { FieldBlock } from '../protocol/http2/connection-core.js';
import type { Setting } from '../protocol/http2/frame.js';
import type { SettingValues } from '../protocol/http2/settings-sync.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import type { StreamOwner } from './internals.js';
import { SessionCore, type SessionHooks } from './session-core.js';
import { connectionOptions, type SessionOptions } from './session-options.js';
import { type Settings, settingsToEntries, validateSettings } from './settings.js';
import { proxySocket } from './socket-proxy.js';

/** What a session keeps to itself. */
export const kCore = Symbol('core');

export type PingCallback = (error: Error | null, duration?: number, payload?: Buffer) => void;
export type SettingsCallback = (error: Error | null, settings?: Settings, duration?: number) => void;

interface Waiting<C> {
  callback: C | undefined;
  since: number;
}

/** Settings of which this many may wait for acknowledgement. */
const MAX_OUTSTANDING_SETTINGS = 10;

/** A connection and its streams. Section class-http2session. */
export abstract class Http2Session extends EventEmitter {
  [kCore]: SessionCore;
  readonly #options: SessionOptions;
  readonly #pings: (Waiting<PingCallback> & { payload: Buffer })[] = [];
  readonly #settings: Waiting<SettingsCallback>[] = [];
  #proxy: Duplex | undefined;
  #localSettings: Settings | undefined;
  #remoteSettings: Settings | undefined;
  /** What was asked for before the socket was connected. */
  #deferred: (() => void)[] = [];

  constructor(role: 'client' | 'server', options: SessionOptions) {
    super();
    this.#options = options;
    const hooks: SessionHooks = {
      request: (entry, block, flags) => this.onRequest(entry, block, flags),
      promise: (_parent, promised, block, flags) => this.onPromise(promised, block, flags),
      settings: () => this.#remoteChanged(),
      settingsAcknowledged: () => this.#acknowledged(),
      pong: (payload) => this.#pong(payload),
      goaway: (last, code, data) => this.#goaway(last, code, data),
      origin: (origins) => this.onOrigin(origins),
      streamClosed: () => this.onStreamClosed(),
      lost: (error) => this.#lost(error),
    };
    this[kCore] = new SessionCore(this, hooks, connectionOptions(role, options));
  }

  // For the classes of clients and servers

  protected onRequest(_entry: StreamEntry<StreamOwner>, _block: FieldBlock, _flags: number): void {}
  protected onPromise(_promised: StreamEntry<StreamOwner>, _block: FieldBlock, _flags: number): void {}
  protected onOrigin(_origins: readonly string[]): void {}
  protected onStreamClosed(): void {}
  protected onGoaway(_lastStreamId: number): void {}
  protected onLost(_error: Error | undefined): void {}

  /** The socket is connected: SETTINGS go out, and whatever has been asked for meanwhile. */
  protected start(socket: Duplex, entries: readonly Setting[]): void {
    const core = this[kCore];
    const connection = core.attach(socket);
    if (!core.isServer) connection.preface();
    this.#sendSettings(entries, undefined);
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const action of deferred) action();
    core.flushSoon();
  }

  protected defer(action: () => void): void {
    this.#deferred.push(action);
  }

  // Properties

  abstract get type(): number;

  /** `h2c` without TLS, what was negotiated with TLS; undefined while connecting. */
  get alpnProtocol(): string | undefined {
    const socket = this.connectedSocket;
    if (!socket) return undefined;
    return isTls(socket) ? (socket.alpnProtocol as string) : 'h2c';
  }

  /** Whether the socket is a TLSSocket; undefined while connecting. */
  get encrypted(): boolean | undefined {
    const socket = this.connectedSocket;
    return socket ? isTls(socket) : undefined;
  }

  protected get connectedSocket(): Duplex | undefined {
    const { connection, socket } = this[kCore];
    return connection ? socket : undefined;
  }

  get connecting(): boolean {
    const { connection, destroyed } = this[kCore];
    return connection === undefined && !destroyed;
  }

  get closed(): boolean {
    return this[kCore].closed;
  }

  get destroyed(): boolean {
    return this[kCore].destroyed;
  }

  /** Origins for which the server answers; over TLS only. */
  get originSet(): string[] | undefined {
    return undefined;
  }

  get localSettings(): Settings {
    const { connection } = this[kCore];
    if (!connection) return Object.create(null) as Settings;
    this.#localSettings ??= toSettings(connection.local, undefined);
    return this.#localSettings;
  }

  get remoteSettings(): Settings {
    const { connection } = this[kCore];
    if (!connection) return Object.create(null) as Settings;
    this.#remoteSettings ??= toSettings(connection.remote, this.#options.remoteCustomSettings ?? []);
    return this.#remoteSettings;
  }

  get pendingSettingsAck(): boolean {
    return this.#settings.length > 0;
  }

  /** The socket, by way of a Proxy; undefined when the session is destroyed. */
  get socket(): Socket | TLSSocket | undefined {
    const core = this[kCore];
    if (core.destroyed || !core.socket) return undefined;
    this.#proxy ??= proxySocket(this, () => (core.destroyed ? undefined : core.socket));
    return this.#proxy as Socket | TLSSocket;
  }

  /** Numbers for whoever looks closely. */
  get state() {
    const { connection, destroyed } = this[kCore];
    if (!connection || destroyed) return {};
    const numbers = connection.statistics;
    return {
      effectiveLocalWindowSize: numbers.localWindow,
      effectiveRecvDataLength: numbers.received,
      nextStreamID: numbers.nextStreamId,
      localWindowSize: numbers.available,
      lastProcStreamID: numbers.lastStreamId,
      remoteWindowSize: numbers.remoteWindow,
      outboundQueueSize: connection.outputLength > 0 ? 1 : 0,
      deflateDynamicTableSize: numbers.deflateTable,
      inflateDynamicTableSize: numbers.inflateTable,
    };
  }

  // Methods

  /**
   * New settings, which hold once the other side acknowledges them.
   *
   * @param callback - called then, with milliseconds it took; or with ERR_HTTP2_SETTINGS_CANCEL
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE, ERR_HTTP2_INVALID_SETTING_VALUE,
   *   ERR_HTTP2_MAX_PENDING_SETTINGS_ACK
   */
  settings(settings: Settings = {}, callback?: SettingsCallback): void {
    this.#assertAlive();
    validateSettings(settings);
    if (callback !== undefined) validateFunction(callback, 'callback');
    const most = this.#options.maxOutstandingSettings ?? MAX_OUTSTANDING_SETTINGS;
    if (this.#settings.length > most) throw http2Error('ERR_HTTP2_MAX_PENDING_SETTINGS_ACK');
    const entries = settingsToEntries(settings);
    if (this[kCore].connection) this.#sendSettings(entries, callback);
    else this.defer(() => this.#sendSettings(entries, callback));
  }

  #sendSettings(entries: readonly Setting[], callback: SettingsCallback | undefined): void {
    const core = this[kCore];
    core.connection!.settings(entries);
    this.#settings.push({ callback, since: performance.now() });
    core.flushSoon();
  }

  /**
   * Measures how long the other side takes to answer.
   *
   * @param payload - 8 octets; a time stamp unless given
   * @returns whether PING is sent; with false the callback gets ERR_HTTP2_PING_CANCEL, as while connecting
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE, ERR_HTTP2_PING_LENGTH
   */
  ping(payload?: NodeJS.ArrayBufferView | PingCallback, callback?: PingCallback): boolean {
    this.#assertAlive();
    const done = typeof payload === 'function' ? payload : callback;
    let bytes = timestamp();
    if (typeof payload !== 'function' && payload !== undefined) {
      if (!ArrayBuffer.isView(payload)) {
        throw invalidArgType('payload', 'an instance of Buffer, TypedArray, or DataView', payload);
      }
      if (payload.byteLength !== 8) throw http2RangeError('ERR_HTTP2_PING_LENGTH');
      bytes = Buffer.from(Buffer.from(payload.buffer, payload.byteOffset, 8));
    }
    validateFunction(done, 'callback');
    const core = this[kCore];
    if (!core.connection || this.#pings.length >= (this.#options.maxOutstandingPings ?? 10)) {
      process.nextTick(done as PingCallback, http2Error('ERR_HTTP2_PING_CANCEL'));
      return false;
    }
    this.#pings.push({ callback: done as PingCallback, since: performance.now(), payload: bytes });
    core.connection.ping(bytes);
    core.flushSoon();
    return true;
  }

  /**
   * Tells the other side that no further streams will be dealt with, and goes on.
   *
   * @param lastStreamID - default: the last stream that was begun by the other side
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE
   */
  goaway(code = 0, lastStreamID = 0, opaqueData?: NodeJS.ArrayBufferView): void {
    this.#assertAlive();
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    if (opaqueData !== undefined && !ArrayBuffer.isView(opaqueData)) {
      throw invalidArgType('opaqueData', 'an instance of Buffer, TypedArray, or DataView', opaqueData);
    }
    const data = opaqueData && Buffer.from(opaqueData.buffer, opaqueData.byteOffset, opaqueData.byteLength);
    const core = this[kCore];
    const send = () => {
      const { connection } = core;
      connection!.goaway(code, lastStreamID > 0 ? lastStreamID : connection!.lastRemoteStreamId, data);
      core.flushSoon();
    };
    if (core.connection) send();
    else this.defer(send);
  }

  /**
   * How much the other side may have under way on the connection.
   *
   * @param windowSize - octets in all, 0 to 2^31-1
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   */
  setLocalWindowSize(windowSize: number): void {
    this.#assertAlive();
    validateInteger(windowSize, 'windowSize', 0, 0x7fff_ffff);
    const core = this[kCore];
    const set = () => {
      core.connection!.setWindowSize(windowSize);
      core.flushSoon();
    };
    if (core.connection) set();
    else this.defer(set);
  }

  /**
   * Emits 'timeout' when nothing happens for so long.
   *
   * @param msecs - milliseconds, 0 for no timeout
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   */
  setTimeout(msecs: number, callback?: () => void): this {
    validateNumber(msecs, 'msecs', 0);
    if (callback !== undefined) validateFunction(callback, 'callback');
    this[kCore].setTimeout(msecs);
    if (callback && msecs > 0) this.once('timeout', callback);
    else if (callback) this.removeListener('timeout', callback);
    return this;
  }

  ref(): void {
    (this[kCore].socket as Partial<Socket> | undefined)?.ref?.();
  }

  unref(): void {
    (this[kCore].socket as Partial<Socket> | undefined)?.unref?.();
  }

  /** Lets open streams finish and then destroys the session. @param callback - a listener of 'close' */
  close(callback?: () => void): void {
    if (typeof callback === 'function') this.on('close', callback);
    this[kCore].close();
  }

  /**
   * Ends the session and its streams at once.
   *
   * @param error - emitted; a number stands for ERR_HTTP2_SESSION_ERROR with that code
   * @param code - sent in GOAWAY. Default: INTERNAL_ERROR with an error, NO_ERROR without
   */
  destroy(error?: Error | number | null, code?: number): void {
    if (typeof error === 'number') {
      this[kCore].destroy(error === 0 ? undefined : http2Error('ERR_HTTP2_SESSION_ERROR', error), error);
      return;
    }
    this[kCore].destroy(error ?? undefined, code ?? (error ? 2 : 0));
  }

  #assertAlive(): void {
    if (this.destroyed) throw http2Error('ERR_HTTP2_INVALID_SESSION');
  }

  // What comes in

  #remoteChanged(): void {
    this.#remoteSettings = undefined;
    this.emit('remoteSettings', this.remoteSettings);
    this.onStreamClosed();
  }

  #acknowledged(): void {
    this.#localSettings = undefined;
    const waiting = this.#settings.shift();
    waiting?.callback?.(null, this.localSettings, performance.now() - waiting.since);
    this.emit('localSettings', this.localSettings);
  }

  #pong(payload: Buffer): void {
    const at = this.#pings.findIndex((ping) => ping.payload.equals(payload));
    if (at < 0) return;
    const [ping] = this.#pings.splice(at, 1);
    const duration = performance.now() - ping!.since;
    const { times } = this[kCore];
    if (times) times.pingRTT = duration;
    ping!.callback?.(null, duration, Buffer.from(payload));
  }

  #goaway(lastStreamId: number, code: number, data: Buffer): void {
    this.emit('goaway', code, lastStreamId, data.length > 0 ? Buffer.from(data) : undefined);
    if (this.destroyed) return;
    if (code !== 0) {
      this[kCore].destroy(http2Error('ERR_HTTP2_SESSION_ERROR', code), 0, code);
      return;
    }
    this.onGoaway(lastStreamId);
    this.close();
  }

  #lost(error: Error | undefined): void {
    for (const { callback } of this.#pings.splice(0)) callback?.(http2Error('ERR_HTTP2_PING_CANCEL'));
    for (const { callback } of this.#settings.splice(0)) callback?.(http2Error('ERR_HTTP2_SETTINGS_CANCEL'));
    this.#deferred = [];
    this.onLost(error);
  }
}

function isTls(socket: Duplex): socket is TLSSocket {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

/** Nanoseconds from some moment on as a 64-bit number, least octet first. */
function timestamp(): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(process.hrtime.bigint());
  return bytes;
}

/** Settings by name. @param custom - types to show besides; undefined for all */
function toSettings(values: SettingValues, custom: readonly number[] | undefined): Settings {
  const settings: Settings = Object.assign(Object.create(null) as Settings, {
    headerTableSize: values.headerTableSize,
    enablePush: values.enablePush,
    initialWindowSize: values.initialWindowSize,
    maxFrameSize: values.maxFrameSize,
    maxConcurrentStreams: values.maxConcurrentStreams,
    maxHeaderListSize: values.maxHeaderListSize,
    maxHeaderSize: values.maxHeaderListSize,
    enableConnectProtocol: values.enableConnectProtocol,
  });
  const shown = [...values.others].filter(([type]) => custom === undefined || custom.includes(type));
  if (shown.length > 0) settings.customSettings = Object.fromEntries(shown);
  return settings;
}
