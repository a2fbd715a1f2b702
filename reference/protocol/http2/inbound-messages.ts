import type { Buffer } from 'node:buffer';
import { BlockDecoder, type DecodedBlock } from './block-decoder.js';
import type { ConnectionCore } from './connection-core.js';
import { decodeFrame } from './decode-frame.js';
import { depend } from './dependency.js';
import { ErrorCode } from './errorcode.js';
import { type MessageHead, readMessageHead } from './field-rules.js';
import { ReceiveWindow } from './flow-control.js';
import { Flag, FrameType, type HeadersFrame, type PushPromiseFrame, type RawFrame } from './frame.js';
import { FrameError } from './frame-error.js';
import { Closure, MessagePhase, StreamEntry } from './stream-entry.js';
import { receivable, StreamEvent, StreamState } from './stream-states.js';

/** Takes the frames that messages are made of: begins streams, decodes fields, and holds content against its rules. §8.1 */
export class InboundMessages<T> {
  readonly #core: ConnectionCore<T>;
  readonly #blocks: BlockDecoder;
  /** The stream that HEADERS or DATA came for last. */
  lastStreamId = 0;

  constructor(core: ConnectionCore<T>) {
    this.#core = core;
    this.#blocks = new BlockDecoder(core.decoder);
  }

  /** Limits for fields have changed. */
  forget(): void {
    this.#blocks.forget();
  }

  // §6.1
  data(raw: RawFrame): void {
    const core = this.#core;
    const { streamId, length } = raw;
    let data = raw.payload;
    if (streamId === 0 || (raw.flags & Flag.PADDED) !== 0) {
      const frame = decodeFrame(raw);
      if (frame instanceof FrameError) {
        this.#core.fault(frame);
        return;
      }
      data = (frame as { data: Buffer }).data;
    }
    if (!core.receiveWindow.receive(length)) {
      this.#core.connectionError('FLOW_CONTROL_ERROR', '§6.9.1', 'more DATA than the window of the connection');
      return;
    }
    const stream = core.streams.get(streamId);
    if (stream === undefined || !receivable(stream.state, FrameType.DATA)) {
      core.consume(undefined, length);
      this.#unexpected(streamId, stream, 'DATA');
      return;
    }
    this.lastStreamId = streamId;
    stream.receiveWindow ??= new ReceiveWindow(core.local.initialWindowSize);
    if (!stream.receiveWindow.receive(length)) {
      core.consume(undefined, length);
      core.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, 'more DATA than the window of the stream');
      return;
    }
    if (stream.phase === MessagePhase.HEAD) {
      core.consume(undefined, length);
      core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'DATA before HEADERS');
      return;
    }
    this.#content(stream, data, length - data.length, (raw.flags & Flag.END_STREAM) !== 0);
  }

  #content(stream: StreamEntry<T>, data: Buffer, padding: number, end: boolean): void {
    const core = this.#core;
    stream.received += data.length;
    if (!lengthIsRight(stream, end)) {
      core.consume(undefined, data.length + padding);
      core.streamError(stream, ErrorCode.PROTOCOL_ERROR, 'content-length is not that of the content');
      return;
    }
    if (padding > 0) core.consume(stream, padding);
    if (data.length > 0) {
      core.idleFrames = 0;
      core.handler.data(stream, data);
    } else if (padding > 0 && !this.#core.countIdle()) {
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
  headers({ streamId, fragment, flags, priority }: HeadersFrame): void {
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
      this.#core.protocolError('§5.1', `${type} on an idle stream`);
      return;
    }
    switch (core.streams.closure(streamId)) {
      case Closure.RESET_HERE:
        return;
      case Closure.UNKNOWN:
        this.#core.protocolError('§5.1.1', `${type} on a stream that has been passed over`);
        return;
      default:
        this.#core.connectionError('STREAM_CLOSED', '§5.1', `${type} on a closed stream`);
        return;
    }
  }

  // §6.6, §8.4
  pushPromise({ streamId, promisedStreamId, fragment, flags }: PushPromiseFrame): void {
    const core = this.#core;
    if (core.role === 'server') {
      this.#core.protocolError('§8.4', 'PUSH_PROMISE from a client');
      return;
    }
    if (!core.local.enablePush) {
      this.#core.protocolError('§6.6', 'PUSH_PROMISE although it is disabled');
      return;
    }
    const block = this.#decode(fragment);
    if (block === undefined) return;
    const parent = core.streams.get(streamId);
    const resetHere = !parent && core.streams.closure(streamId) === Closure.RESET_HERE;
    const misplaced = !resetHere && !(parent && receivable(parent.state, FrameType.PUSH_PROMISE));
    if (misplaced || !core.isIdle(promisedStreamId)) {
      this.#core.protocolError('§6.6', 'PUSH_PROMISE on a stream, or of one, that must not have it');
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
    if (core.memory > core.limits.maxMemory) {
      core.refuse(promisedStreamId, ErrorCode.ENHANCE_YOUR_CALM);
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
}

/** §8.1.1: no more content than announced, and at the end no less. */
function lengthIsRight({ contentLength, received }: StreamEntry<unknown>, end: boolean): boolean {
  return contentLength < 0 || (end ? received === contentLength : received <= contentLength);
}

/** RFC 9110 §6.4.1: content-length there is that of what a GET would have had. */
function hasNoContent(stream: StreamEntry<unknown>, { status }: MessageHead): boolean {
  return stream.answersHead || status === 204 || status === 304;
}
