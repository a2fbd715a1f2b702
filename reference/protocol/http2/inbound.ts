import type { ConnectionCore } from './connection-core.js';
import { decodeFrame } from './decode-frame.js';
import { depend } from './dependency.js';
import { ErrorCode } from './errorcode.js';
import { FieldBlockJoiner } from './field-block.js';
import { overflows } from './flow-control.js';
import {
  Flag,
  type Frame,
  FrameType,
  type GoawayFrame,
  type PingFrame,
  type Priority,
  type RawFrame,
  type SettingsFrame,
  type WindowUpdateFrame,
} from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader } from './frame-reader.js';
import { InboundMessages } from './inbound-messages.js';
import { MAX_CONTINUATIONS, MAX_QUEUED_ACKNOWLEDGEMENTS, RateLimit } from './limits.js';
import { acknowledgeSettings, applySettings } from './settings-exchange.js';
import { StreamEvent } from './stream-states.js';

/** Frames that ask for nothing and carry nothing. */
const FILLER = new Set<number>([FrameType.PRIORITY, FrameType.WINDOW_UPDATE, FrameType.PRIORITY_UPDATE]);

/** Takes what comes in, frame by frame: sees to those about the connection, hands on those of messages. */
export class Inbound<T> {
  readonly #core: ConnectionCore<T>;
  readonly #reader: FrameReader;
  readonly #joiner: FieldBlockJoiner;
  readonly #resets: RateLimit;
  readonly #messages: InboundMessages<T>;
  #settingsSeen = false;
  #acknowledgements = 0;
  #now = 0;

  constructor(core: ConnectionCore<T>) {
    this.#core = core;
    const { limits, local } = core;
    const preface = core.role === 'server';
    this.#reader = new FrameReader({ maxFrameSize: local.maxFrameSize, preface, splitData: true });
    const maxLength = Math.max(65_536, 2 * Math.min(local.maxHeaderListSize, 0x800_0000));
    const maxContinuations = MAX_CONTINUATIONS + Math.ceil(maxLength / local.maxFrameSize);
    this.#joiner = new FieldBlockJoiner({ maxLength, maxContinuations });
    this.#messages = new InboundMessages(core);
    this.#resets = new RateLimit(limits.streamResetBurst, limits.streamResetRate);
  }

  /** Frames received since the connection began. */
  get frames(): number {
    return this.#reader.count;
  }

  /** The stream that HEADERS or DATA came for last. */
  get lastStreamId(): number {
    return this.#messages.lastStreamId;
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
    if ((raw.length === 0 || FILLER.has(type)) && !this.#core.countIdle()) return;
    if (type === FrameType.DATA) {
      this.#messages.data(raw);
      return;
    }
    const decoded = decodeFrame(raw);
    const frame = decoded instanceof FrameError ? decoded : this.#joiner.join(decoded);
    if (frame === undefined) return;
    if (frame instanceof FrameError) this.#core.fault(frame);
    else this.#dispatch(frame);
  }

  /** §3.4: SETTINGS come first, from either side. */
  #isFirstSettings(raw: RawFrame): boolean {
    this.#settingsSeen = true;
    if (raw.type === FrameType.SETTINGS && (raw.flags & Flag.ACK) === 0) return true;
    this.#core.protocolError('§3.4', 'the first frame is not SETTINGS');
    return false;
  }

  #dispatch(frame: Frame): void {
    const core = this.#core;
    switch (frame.type) {
      case 'HEADERS':
        this.#messages.headers(frame);
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
        this.#messages.pushPromise(frame);
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

  // §6.3
  #priority(streamId: number, priority: Priority): void {
    const core = this.#core;
    const stream = core.streams.get(streamId);
    if (priority.parent !== streamId) {
      if (stream) depend(core.streams.values(), stream, priority);
    } else if (stream) core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'a stream that depends on itself');
    else this.#core.protocolError('§5.3.1', 'a stream that depends on itself');
  }

  // §6.4
  #rstStream(streamId: number, code: number): void {
    const core = this.#core;
    if (core.isIdle(streamId)) {
      this.#core.protocolError('§6.4', 'RST_STREAM on an idle stream');
      return;
    }
    if (core.role === 'server' && !this.#resets.take(this.#now)) {
      this.#core.calm('too many RST_STREAM');
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
        this.#messages.forget();
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
        this.#core.connectionError('FLOW_CONTROL_ERROR', '§6.9.1', 'a window beyond 2^31-1');
        return;
      }
      core.sendWindow += increment;
      return;
    }
    if (core.isIdle(streamId)) {
      this.#core.protocolError('§5.1', 'WINDOW_UPDATE on an idle stream');
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

  /** Acknowledgements wait in memory while the other side does not read. */
  #countAcknowledgement(): boolean {
    if (++this.#acknowledgements <= MAX_QUEUED_ACKNOWLEDGEMENTS) return true;
    this.#core.calm('too many frames that ask for an acknowledgement');
    return false;
  }
}
