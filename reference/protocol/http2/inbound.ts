import type { Buffer } from 'node:buffer';
import { BlockDecoder, type DecodedBlock } from './block-decoder.js';
import type { ConnectionCore } from './connection-core.js';
import { decodeFrame } from './decode-frame.js';
import { depend } from './dependency.js';
import { ErrorCode, type ErrorCodeName } from './errorcode.js';
import { FieldBlockJoiner } from './field-block.js';
import { type MessageHead, readMessageHead } from './field-rules.js';
import { overflows, ReceiveWindow } from './flow-control.js';
import {
  Flag,
  type Frame,
  FrameType,
  type GoawayFrame,
  type PingFrame,
  type Priority,
  type PushPromiseFrame,
  type RawFrame,
  type SettingsFrame,
  type WindowUpdateFrame,
} from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader } from './frame-reader.js';
import { MAX_CONTINUATIONS, MAX_IDLE_FRAMES, MAX_QUEUED_ACKNOWLEDGEMENTS, RateLimit } from './limits.js';
import { acknowledgeSettings, applySettings } from './settings-exchange.js';
import { Closure, MessagePhase, StreamEntry } from './stream-entry.js';
import { receivable, StreamEvent, StreamState } from './stream-states.js';

/** Frames that ask for nothing and carry nothing. */
const FILLER = new Set<number>([FrameType.PRIORITY, FrameType.WINDOW_UPDATE, FrameType.PRIORITY_UPDATE]);

/** Takes what comes in: frame by frame, through the rules, to the handler. */
export class Inbound<T> {
  readonly #core: ConnectionCore<T>;
  readonly #reader: FrameReader;
  readonly #joiner: FieldBlockJoiner;
  readonly #resets: RateLimit;
  readonly #blocks: BlockDecoder;
  #settingsSeen = false;
  #acknowledgements = 0;
  #now = 0;
  /** The stream that HEADERS or DATA came for last. */
  lastStreamId = 0;

  constructor(core: ConnectionCore<T>) {
    this.#core = core;
    const { limits, local } = core;
    const preface = core.role === 'server';
    this.#reader = new FrameReader({ maxFrameSize: local.maxFrameSize, preface, splitData: true });
    const maxLength = Math.max(65_536, 2 * Math.min(local.maxHeaderListSize, 0x800_0000));
    const maxContinuations = MAX_CONTINUATIONS + Math.ceil(maxLength / local.maxFrameSize);
    this.#joiner = new FieldBlockJoiner({ maxLength, maxContinuations });
    this.#blocks = new BlockDecoder(core.decoder);
    this.#resets = new RateLimit(limits.streamResetBurst, limits.streamResetRate);
  }

  /** Frames received since the connection began. */
  get frames(): number {
    return this.#reader.count;
  }

  /** Octets of a frame's payload; holds from the next frame on. */
  set maxFrameSize(octets: number) {
    this.#reader.maxFrameSize = octets;
  }

  /** No part of a frame is waiting for the rest. */
  get idle(): boolean {
    return this.#reader.idle;
  }

  /** What waited has been taken by the other side's socket: it reads. */
  outputTaken(): void {
    this.#acknowledgements = 0;
  }

  /** @param now - seconds, of a clock that does not go back */
  receive(chunk: Uint8Array, now: number): void {
    const core = this.#core;
    this.#now = now;
    this.#reader.push(chunk);
    while (core.error === undefined) {
      const raw = this.#reader.read();
      if (raw === undefined) return;
      if (raw instanceof FrameError) core.fail(raw);
      else this.#frame(raw);
    }
  }

  #frame(raw: RawFrame): void {
    const { type } = raw;
    if (!this.#settingsSeen && !this.#isFirstSettings(raw)) return;
    const misplaced = this.#joiner.check(raw);
    if (misplaced) {
      this.#core.fail(misplaced);
      return;
    }
    if ((raw.length === 0 || FILLER.has(type)) && !this.#countIdle()) return;
    if (type === FrameType.DATA) {
      this.#data(raw);
      return;
    }
    const decoded = decodeFrame(raw);
    const frame = decoded instanceof FrameError ? decoded : this.#joiner.join(decoded);
    if (frame === undefined) return;
    if (frame instanceof FrameError) this.#fault(frame);
    else this.#dispatch(frame);
  }

  /** §3.4: SETTINGS come first, from either side. */
  #isFirstSettings(raw: RawFrame): boolean {
    this.#settingsSeen = true;
    if (raw.type === FrameType.SETTINGS && (raw.flags & Flag.ACK) === 0) return true;
    this.#protocolError('§3.4', 'the first frame is not SETTINGS');
    return false;
  }

  /** A frame that cannot be decoded. */
  #fault(error: FrameError): void {
    const core = this.#core;
    if (error.scope === 'connection') {
      core.fail(error);
      return;
    }
    const id = error.header!.streamId;
    if (error.scope === 'frame') return;
    const stream = core.streams.get(id);
    if (stream) {
      core.streamError(stream, ErrorCode[error.code], error.message);
      return;
    }
    // No stream is there to be reset. §5.4 lets a stream error be treated as a connection error.
    core.fail(error);
  }

  #dispatch(frame: Frame): void {
    const core = this.#core;
    switch (frame.type) {
      case 'HEADERS':
        this.#headers(frame.streamId, frame.fragment, frame.flags, frame.priority);
        return;
      case 'PRIORITY':
        this.#priority(frame.streamId, frame.priority);
        return;
      case 'RST_STREAM':
        this.#rstStream(frame.streamId, frame.errorCode);
        return;
      case 'SETTINGS':
        this.#settings(frame);
        return;
      case 'PUSH_PROMISE':
        this.#pushPromise(frame);
        return;
      case 'PING':
        this.#ping(frame);
        return;
      case 'GOAWAY':
        this.#goaway(frame);
        return;
      case 'WINDOW_UPDATE':
        this.#windowUpdate(frame);
        return;
      case 'ALTSVC':
        if (core.role === 'client') core.handler.altsvc(frame.value, frame.origin, frame.streamId);
        return;
      case 'ORIGIN':
        if (core.role === 'client') core.handler.origin(frame.origins);
        return;
      default:
      // Unknown types are ignored. §5.5
    }
  }

  // §6.1
  #data(raw: RawFrame): void {
    const core = this.#core;
    const { streamId, length } = raw;
    let data = raw.payload;
    if (streamId === 0 || (raw.flags & Flag.PADDED) !== 0) {
      const frame = decodeFrame(raw);
      if (frame instanceof FrameError) {
        this.#fault(frame);
        return;
      }
      data = (frame as { data: Buffer }).data;
    }
    if (!core.receiveWindow.receive(length)) {
      this.#connectionError('FLOW_CONTROL_ERROR', '§6.9.1', 'more DATA than the window of the connection');
      return;
    }
    const stream = core.streams.get(streamId);
    if (stream === undefined || !receivable(stream.state, FrameType.DATA)) {
      core.credit(undefined, length);
      this.#unexpected(streamId, stream, 'DATA');
      return;
    }
    this.lastStreamId = streamId;
    stream.receiveWindow ??= new ReceiveWindow(core.local.initialWindowSize);
    if (!stream.receiveWindow.receive(length)) {
      core.credit(undefined, length);
      core.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, 'more DATA than the window of the stream');
      return;
    }
    if (stream.phase === MessagePhase.HEAD) {
      core.credit(undefined, length);
      core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'DATA before HEADERS');
      return;
    }
    this.#content(stream, data, length - data.length, (raw.flags & Flag.END_STREAM) !== 0);
  }

  #content(stream: StreamEntry<T>, data: Buffer, padding: number, end: boolean): void {
    const core = this.#core;
    stream.received += data.length;
    if (!lengthIsRight(stream, end)) {
      core.credit(undefined, data.length + padding);
      core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'content-length is not that of the content');
      return;
    }
    if (padding > 0) core.credit(stream, padding);
    if (data.length > 0) {
      core.idleFrames = 0;
      core.handler.data(stream, data);
    } else if (padding > 0 && !this.#countIdle()) {
      return;
    }
    if (end) this.#endStream(stream);
  }

  #endStream(stream: StreamEntry<T>): void {
    // The handler may have closed the stream in the meantime.
    if (!this.#core.move(stream, StreamEvent.RECEIVE_END_STREAM)) return;
    stream.phase = MessagePhase.DONE;
    this.#core.handler.end(stream);
    if (stream.state === StreamState.CLOSED) this.#core.handler.finished(stream);
  }

  // §6.2, §8.1
  #headers(streamId: number, fragment: Buffer, flags: number, priority?: Priority): void {
    const core = this.#core;
    const block = this.#decode(fragment);
    if (block === undefined) return;
    let stream = core.streams.get(streamId);
    if (stream === undefined) {
      if (core.isHere(streamId) || !core.isIdle(streamId) || core.role === 'client') {
        this.#unexpected(streamId, undefined, 'HEADERS');
        return;
      }
      stream = this.#request(streamId);
      if (stream === undefined) return;
    } else if (!receivable(stream.state, FrameType.HEADERS)) {
      this.#unexpected(streamId, stream, 'HEADERS');
      return;
    }
    this.lastStreamId = streamId;
    if (priority) {
      if (priority.parent === streamId) {
        this.#malformed(stream, 'a stream that depends on itself');
        return;
      }
      depend(core.streams.values(), stream, priority);
    }
    if (stream.state !== StreamState.OPEN) core.move(stream, StreamEvent.RECEIVE_HEADERS);
    this.#message(stream, block, flags);
  }

  /** A stream that the other side begins, if it may. §5.1.1, §5.1.2 */
  #request(streamId: number): StreamEntry<T> | undefined {
    const core = this.#core;
    core.lastRemoteStreamId = streamId;
    core.idleFrames = 0;
    if (core.goawaySent !== undefined && streamId > core.goawaySent) {
      core.refuse(streamId, ErrorCode.REFUSED_STREAM);
    } else if (core.activeThere >= core.local.maxConcurrentStreams) {
      core.refuse(streamId, ErrorCode.REFUSED_STREAM);
    } else if (core.memory > core.limits.maxMemory) {
      core.refuse(streamId, ErrorCode.ENHANCE_YOUR_CALM);
    } else {
      const stream = new StreamEntry<T>(streamId, core.remote.initialWindowSize);
      core.streams.add(stream);
      return stream;
    }
    return undefined;
  }

  #message(stream: StreamEntry<T>, block: DecodedBlock, flags: number): void {
    const core = this.#core;
    const end = (flags & Flag.END_STREAM) !== 0;
    if (block.exceeds) {
      core.sendReset(stream, ErrorCode.ENHANCE_YOUR_CALM);
      if (core.countInvalid()) core.handler.reset(stream, ErrorCode.ENHANCE_YOUR_CALM, 'header list too large');
      return;
    }
    if (stream.phase === MessagePhase.DONE) {
      this.#malformed(stream, 'HEADERS behind the end');
      return;
    }
    const head = stream.phase === MessagePhase.BODY;
    const kind = head ? 'trailers' : core.role === 'server' ? 'request' : 'response';
    const message = (block.heads[kind] ??= readMessageHead(block.fields, kind, core.local.enableConnectProtocol));
    if (message.fault !== undefined) {
      this.#malformed(stream, message.fault);
      return;
    }
    if (kind === 'trailers') {
      if (!end) {
        this.#malformed(stream, 'trailers without END_STREAM');
        return;
      }
      if (!lengthIsRight(stream, true)) {
        this.#malformed(stream, 'content-length is not that of the content');
        return;
      }
      core.handler.headers(stream, block, 'trailers', flags);
    } else if (kind === 'response' && message.status < 200) {
      if (end || message.status === 101) {
        this.#malformed(stream, 'not an informational response');
        return;
      }
      core.handler.headers(stream, block, 'informational', flags);
    } else {
      stream.phase = MessagePhase.BODY;
      stream.contentLength = hasNoContent(stream, message) ? -1 : message.contentLength;
      if (!lengthIsRight(stream, end)) {
        this.#malformed(stream, 'content-length without content');
        return;
      }
      core.handler.headers(stream, block, kind, flags);
    }
    if (end) this.#endStream(stream);
  }

  /** §8.1.1 */
  #malformed(stream: StreamEntry<T>, fault: string): void {
    // One that was never handed out has no state in which it could be reset yet.
    if (stream.state === StreamState.IDLE) this.#core.move(stream, StreamEvent.RECEIVE_HEADERS);
    this.#core.streamError(stream, ErrorCode.PROTOCOL_ERROR, fault);
  }

  #decode(fragment: Buffer): DecodedBlock | undefined {
    const block = this.#blocks.decode(fragment);
    if (!(block instanceof FrameError)) return block;
    this.#core.fail(block);
    return undefined;
  }

  /** HEADERS or DATA for a stream that is idle, closed, or ended by the other side. §5.1 */
  #unexpected(streamId: number, stream: StreamEntry<T> | undefined, type: string): void {
    const core = this.#core;
    if (stream) {
      core.streamError(stream, ErrorCode.STREAM_CLOSED, `${type} on a stream that has ended`);
      return;
    }
    if (core.isIdle(streamId)) {
      this.#protocolError('§5.1', `${type} on an idle stream`);
      return;
    }
    switch (core.streams.closure(streamId)) {
      case Closure.RESET_HERE:
        return;
      case Closure.UNKNOWN:
        this.#protocolError('§5.1.1', `${type} on a stream that has been passed over`);
        return;
      default:
        this.#connectionError('STREAM_CLOSED', '§5.1', `${type} on a closed stream`);
        return;
    }
  }

  // §6.3
  #priority(streamId: number, priority: Priority): void {
    const core = this.#core;
    const stream = core.streams.get(streamId);
    if (priority.parent !== streamId) {
      if (stream) depend(core.streams.values(), stream, priority);
    } else if (stream) core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'a stream that depends on itself');
    else this.#protocolError('§5.3.1', 'a stream that depends on itself');
  }

  // §6.4
  #rstStream(streamId: number, code: number): void {
    const core = this.#core;
    if (core.isIdle(streamId)) {
      this.#protocolError('§6.4', 'RST_STREAM on an idle stream');
      return;
    }
    if (core.role === 'server' && !this.#resets.take(this.#now)) {
      this.#calm('too many RST_STREAM');
      return;
    }
    const stream = core.streams.get(streamId);
    if (stream === undefined) return;
    core.move(stream, StreamEvent.RECEIVE_RST_STREAM);
    core.handler.reset(stream, code, undefined);
  }

  // §6.5
  #settings({ flags, settings }: SettingsFrame): void {
    const core = this.#core;
    if ((flags & Flag.ACK) !== 0) {
      if (acknowledgeSettings(core)) {
        this.#reader.maxFrameSize = core.local.maxFrameSize;
        this.#blocks.forget();
      }
      return;
    }
    const fault = applySettings(core, settings);
    if (fault) {
      core.fail(fault);
      return;
    }
    core.output.header(0, FrameType.SETTINGS, Flag.ACK, 0, 0);
    if (this.#countAcknowledgement()) core.handler.settings();
  }

  // §6.6, §8.4
  #pushPromise({ streamId, promisedStreamId, fragment, flags }: PushPromiseFrame): void {
    const core = this.#core;
    if (core.role === 'server') {
      this.#protocolError('§8.4', 'PUSH_PROMISE from a client');
      return;
    }
    if (!core.local.enablePush) {
      this.#protocolError('§6.6', 'PUSH_PROMISE although it is disabled');
      return;
    }
    const block = this.#decode(fragment);
    if (block === undefined) return;
    const parent = core.streams.get(streamId);
    const resetHere = !parent && core.streams.closure(streamId) === Closure.RESET_HERE;
    const misplaced = !resetHere && !(parent && receivable(parent.state, FrameType.PUSH_PROMISE));
    if (misplaced || !core.isIdle(promisedStreamId)) {
      this.#protocolError('§6.6', 'PUSH_PROMISE on a stream, or of one, that must not have it');
      return;
    }
    core.lastRemoteStreamId = promisedStreamId;
    if (!parent || core.goawaySent !== undefined) {
      core.refuse(promisedStreamId, ErrorCode.REFUSED_STREAM);
      return;
    }
    if (core.streams.size - core.activeHere - core.activeThere >= core.limits.maxReservedStreams) {
      core.refuse(promisedStreamId, ErrorCode.REFUSED_STREAM);
      return;
    }
    const promised = new StreamEntry<T>(promisedStreamId, core.remote.initialWindowSize);
    core.streams.add(promised);
    core.move(promised, StreamEvent.RECEIVE_PUSH_PROMISE);
    const head = (block.heads.request ??= readMessageHead(block.fields, 'request'));
    if (block.exceeds) core.streamError(promised, ErrorCode.ENHANCE_YOUR_CALM, 'header list too large');
    else if (head.fault) core.streamError(promised, ErrorCode.PROTOCOL_ERROR, head.fault);
    else core.handler.promise(parent, promised, block, flags);
  }

  // §6.7
  #ping({ flags, opaqueData }: PingFrame): void {
    const core = this.#core;
    if ((flags & Flag.ACK) !== 0) {
      core.handler.pong(opaqueData);
      return;
    }
    core.output.frame(FrameType.PING, Flag.ACK, 0, opaqueData);
    if (this.#countAcknowledgement()) core.handler.ping(opaqueData);
  }

  // §6.8
  #goaway({ lastStreamId, errorCode, debugData }: GoawayFrame): void {
    this.#core.goawayReceived = Math.min(this.#core.goawayReceived ?? lastStreamId, lastStreamId);
    this.#core.handler.goaway(lastStreamId, errorCode, debugData);
  }

  // §6.9
  #windowUpdate({ streamId, increment }: WindowUpdateFrame): void {
    const core = this.#core;
    if (streamId === 0) {
      if (overflows(core.sendWindow, increment)) {
        this.#connectionError('FLOW_CONTROL_ERROR', '§6.9.1', 'a window beyond 2^31-1');
        return;
      }
      core.sendWindow += increment;
      return;
    }
    if (core.isIdle(streamId)) {
      this.#protocolError('§5.1', 'WINDOW_UPDATE on an idle stream');
      return;
    }
    const stream = core.streams.get(streamId);
    if (stream === undefined) return;
    if (overflows(stream.sendWindow, increment)) {
      core.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, 'a window beyond 2^31-1');
      return;
    }
    stream.sendWindow += increment;
  }

  #countIdle(): boolean {
    if (++this.#core.idleFrames <= MAX_IDLE_FRAMES) return true;
    this.#calm('too many frames of no use');
    return false;
  }

  /** Acknowledgements wait in memory while the other side does not read. */
  #countAcknowledgement(): boolean {
    if (++this.#acknowledgements <= MAX_QUEUED_ACKNOWLEDGEMENTS) return true;
    this.#calm('too many frames that ask for an acknowledgement');
    return false;
  }

  #calm(message: string): void {
    this.#core.fail(new FrameError('ENHANCE_YOUR_CALM', 'connection', 'RFC 9113 §10.5', message));
  }

  #protocolError(section: string, message: string): void {
    this.#connectionError('PROTOCOL_ERROR', section, message);
  }

  #connectionError(code: ErrorCodeName, section: string, message: string): void {
    this.#core.fail(new FrameError(code, 'connection', `RFC 9113 ${section}`, message));
  }
}

/** §8.1.1: no more content than announced, and at the end no less. */
function lengthIsRight({ contentLength, received }: StreamEntry<unknown>, end: boolean): boolean {
  return contentLength < 0 || (end ? received === contentLength : received <= contentLength);
}

/** RFC 9110 §6.4.1: content-length there is that of what a GET would have had. */
function hasNoContent(stream: StreamEntry<unknown>, { status }: MessageHead): boolean {
  return stream.answersHead || status === 204 || status === 304;
}
