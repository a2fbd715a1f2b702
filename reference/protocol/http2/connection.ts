/**
 * A connection of HTTP/2 without socket, timer or stream. RFC 9113
 *
 * Bytes that arrive are handed to `receive`; what they mean comes back as calls of the handler. Methods write frames;
 * `takeOutput` gives the bytes to send. Nothing is sent by itself: after each `receive`, and after each method, what
 * is in the output is to be sent, and when the socket cannot take it, to be left there: content then waits, too.
 *
 *     const connection = new Connection(handler, { role: 'server' });
 *     connection.settings([]);
 *     socket.on('data', (chunk) => connection.receive(chunk, performance.now() / 1000));
 *
 * States of streams: stream-states.ts. Windows: flow-control.ts. Settings: settings-sync.ts. Which fields make a
 * message: field-rules.ts. Floods: limits.ts. What comes in: inbound.ts. What goes out: outbound.ts.
 */
import { Buffer } from 'node:buffer';
import type { HeaderField } from '../hpack/header-field.js';
import { ConnectionCore, type ConnectionHandler, type ConnectionOptions } from './connection-core.js';
import { depend, dependentWeight } from './dependency.js';
import { encodePayload } from './encode-frame.js';
import { Flag, FrameType, MAX_31_BIT, type Priority, type Setting } from './frame.js';
import { PREFACE } from './frame-reader.js';
import { Inbound } from './inbound.js';
import { Outbound } from './outbound.js';
import type { SettingValues } from './settings-sync.js';
import { StreamEntry } from './stream-entry.js';
import { StreamState } from './stream-states.js';

/** @typeParam T - what the user of the connection keeps with each stream */
export class Connection<T> {
  readonly #core: ConnectionCore<T>;
  readonly #inbound: Inbound<T>;
  readonly #outbound: Outbound<T>;
  #receiving = false;

  constructor(handler: ConnectionHandler<T>, options: ConnectionOptions) {
    this.#core = new ConnectionCore(handler, options);
    this.#inbound = new Inbound(this.#core);
    this.#outbound = new Outbound(this.#core);
  }

  /**
   * Bytes from the other side, however cut. They must not change until the call returns, nor may content in them.
   *
   * @param now - seconds, of a clock that does not go back
   */
  receive(chunk: Uint8Array, now: number): void {
    this.#receiving = true;
    this.#inbound.receive(chunk, now);
    this.#receiving = false;
    this.#core.giveCredit();
    this.#outbound.pump();
  }

  /** Octets waiting to be sent. */
  get outputLength(): number {
    return this.#core.output.length;
  }

  /** How many of them are in memory of the connection's own, rather than in that of content that it was given. */
  get outputCopied(): number {
    return this.#core.output.copied;
  }

  /** What is to be sent. Content that waited for room follows at once. */
  takeOutput(): Buffer[] {
    const taken = this.#core.output.take();
    this.#inbound.outputTaken();
    return taken;
  }

  /** Fills the output with content that waits. To be called when what was taken has been sent. */
  resume(): void {
    this.#outbound.pump();
  }

  /** A client's first octets. §3.4 */
  preface(): void {
    const { output } = this.#core;
    output.reserve(PREFACE.length).set(PREFACE, output.offset);
    output.written(output.offset + PREFACE.length);
  }

  /** Settings of this side, which hold once they are acknowledged. §6.5 */
  settings(entries: readonly Setting[]): void {
    const { output, pending } = this.#core;
    const payload = encodePayload({ type: 'SETTINGS', flags: Flag.NONE, streamId: 0, settings: entries });
    output.frame(FrameType.SETTINGS, Flag.NONE, 0, payload);
    pending.sent(entries);
  }

  /** @param opaqueData - 8 octets */
  ping(opaqueData: Uint8Array): void {
    this.#core.output.frame(FrameType.PING, Flag.NONE, 0, opaqueData);
  }

  /** No stream of the other side beyond `lastStreamId` will be dealt with. §6.8 */
  goaway(code: number, lastStreamId: number, debugData?: Uint8Array): void {
    const core = this.#core;
    const payload = Buffer.allocUnsafe(8 + (debugData?.length ?? 0));
    payload.writeUInt32BE(lastStreamId, 0);
    payload.writeUInt32BE(code, 4);
    if (debugData) payload.set(debugData, 8);
    core.output.frame(FrameType.GOAWAY, Flag.NONE, 0, payload);
  }

  /** From now on streams of the other side are refused. */
  refuseStreams(): void {
    this.#core.goawaySent ??= this.#core.lastRemoteStreamId;
  }

  /** Whether the other side lets this one begin another stream now. §5.1.2 */
  get mayOpen(): boolean {
    return this.#core.activeHere < this.#core.peerMaxConcurrentStreams;
  }

  /** The numbers of streams are used up, or GOAWAY has come. §5.1.1 */
  get exhausted(): boolean {
    return this.#core.nextStreamId > MAX_31_BIT;
  }

  /** A stream of this side, idle until its HEADERS are sent. */
  open(owner: T): StreamEntry<T> {
    const stream = this.#add();
    stream.owner = owner;
    return stream;
  }

  #add(): StreamEntry<T> {
    const core = this.#core;
    const stream = new StreamEntry<T>(core.nextStreamId, core.remote.initialWindowSize);
    core.nextStreamId += 2;
    core.streams.add(stream);
    return stream;
  }

  /** A block of fields: names in lower case, pseudo-header fields first. */
  headers(stream: StreamEntry<T>, fields: readonly HeaderField[], endStream: boolean, priority?: Priority): void {
    this.#outbound.headers(stream, fields, endStream, priority);
    if (endStream) this.#ended(stream);
  }

  /** Whether the fields are more than `maxSendHeaderBlockLength` permits. */
  tooLargeToSend(fields: readonly HeaderField[]): boolean {
    const limit = this.#core.limits.maxSendHeaderBlockLength;
    if (limit === Infinity) return false;
    let size = 0;
    for (const { name, value } of fields) size += name.length + value.length;
    return size > limit;
  }

  /** Promises a stream on another. §8.4 */
  push(parent: StreamEntry<T>, owner: T, fields: readonly HeaderField[]): StreamEntry<T> {
    const promised = this.#add();
    promised.owner = owner;
    this.#outbound.pushPromise(parent.id, promised, fields);
    return promised;
  }

  /** Content. @returns whether all of it has been sent; if not, the handler's `drained` will tell */
  data(stream: StreamEntry<T>, chunks: readonly Uint8Array[]): boolean {
    return this.#outbound.data(stream, chunks);
  }

  /** A text as content, if it can be sent at once. @param size - octets of it in the encoding */
  text(stream: StreamEntry<T>, text: string, size: number, encoding: BufferEncoding): boolean {
    return this.#outbound.text(stream, text, size, encoding);
  }

  /** Ends this side of a stream on which nothing waits. */
  end(stream: StreamEntry<T>): void {
    this.#outbound.end(stream);
    this.#ended(stream);
  }

  #ended(stream: StreamEntry<T>): void {
    if (stream.state === StreamState.CLOSED) this.#core.handler.finished(stream);
  }

  /** §6.4. The handler is not told. */
  reset(stream: StreamEntry<T>, code: number): void {
    this.#core.sendReset(stream, code);
  }

  /** Changes what a stream depends on, without a frame. RFC 7540 §5.3, deprecated */
  depend(stream: StreamEntry<T>, priority: Priority): void {
    depend(this.#core.streams.values(), stream, priority);
  }

  /** The weights of the streams that depend on this one, added up. */
  dependentWeight(stream: StreamEntry<T>): number {
    return dependentWeight(this.#core.streams.values(), stream.id);
  }

  /** §6.3, deprecated */
  priority(stream: StreamEntry<T>, priority: Priority): void {
    const payload = encodePayload({ type: 'PRIORITY', flags: Flag.NONE, streamId: stream.id, priority });
    this.#core.output.frame(FrameType.PRIORITY, Flag.NONE, stream.id, payload);
  }

  /** RFC 7838 §4 */
  altsvc(streamId: number, origin: string, value: string): void {
    const payload = encodePayload({ type: 'ALTSVC', flags: Flag.NONE, streamId, origin, value });
    this.#core.output.frame(FrameType.ALTSVC, Flag.NONE, streamId, payload);
  }

  /** RFC 8336 §2 */
  origin(origins: readonly string[]): void {
    const payload = encodePayload({ type: 'ORIGIN', flags: Flag.NONE, streamId: 0, origins });
    this.#core.output.frame(FrameType.ORIGIN, Flag.NONE, 0, payload);
  }

  /** Octets of content that have been read: the other side may send as many more. */
  consume(stream: StreamEntry<T>, octets: number): void {
    this.#core.consume(stream, octets);
    if (!this.#receiving) this.#core.giveCredit();
  }

  /** Changes how much the other side may have under way on the connection. @param size - octets */
  setWindowSize(size: number): void {
    const { receiveWindow, output } = this.#core;
    const increment = receiveWindow.resize(size);
    if (increment > 0) output.uint32(FrameType.WINDOW_UPDATE, Flag.NONE, 0, increment);
  }

  /** Settings of this side that hold. */
  get local(): SettingValues {
    return this.#core.local;
  }

  get remote(): SettingValues {
    return this.#core.remote;
  }

  /** SETTINGS that have not been acknowledged. */
  get pendingSettings(): number {
    return this.#core.pending.length;
  }

  get streamCount(): number {
    return this.#core.streams.size;
  }

  get streams(): Iterable<StreamEntry<T>> {
    return this.#core.streams.values();
  }

  stream(id: number): StreamEntry<T> | undefined {
    return this.#core.streams.get(id);
  }

  get lastRemoteStreamId(): number {
    return this.#core.lastRemoteStreamId;
  }

  get memory(): number {
    return this.#core.memory;
  }

  /** Numbers for whoever looks at a session. Octets, except for ids and frames. */
  get statistics() {
    const core = this.#core;
    return {
      localWindow: core.receiveWindow.size,
      received: core.receiveWindow.received,
      available: core.receiveWindow.available,
      remoteWindow: core.sendWindow,
      nextStreamId: core.nextStreamId,
      lastStreamId: this.#inbound.lastStreamId,
      deflateTable: core.encoder.tableSize,
      inflateTable: core.decoder.tableSize,
      framesReceived: this.#inbound.frames,
      framesSent: core.output.frames,
      peakStreams: core.peakStreams,
    };
  }
}
