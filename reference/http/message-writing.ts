// How an outgoing message's body goes out: in chunks or not, as few writes, and what follows its end.

import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import * as errors from '../common/errors.js';
import { chunkOf, lastChunk, type Octets } from '../protocol/http1/serializer.js';
import { admitPart, type Body, checkChunk } from './message-body.js';
import { toOctets } from './octets.js';
import type { WriteCallback } from './pending-output.js';

/** A message, as far as it bears on how its body is written. */
export interface WritingMessage extends Body, EventEmitter {
  readonly socket: Duplex | null;
  readonly destroyed: boolean;
  readonly finished: boolean;
  readonly writableFinished: boolean;
  /** The head once it has been made. */
  readonly _header: string | null;
  /** Lines of the trailer section. */
  readonly _trailer: string;
  /** How many calls of `cork()` wait for their `uncork()`. Written. */
  _corked: number;
  /** The socket that is corked until the end of the tick. Written. */
  _tickCork: Duplex | null;
  /** Whether the socket could hand all of it to the operating system at once. */
  readonly _handedOver: boolean;
  /** Makes the head from what is set. */
  _implicitHeader(): void;
  /** Sends `data`, behind the head if that has not been sent. */
  _send(data: Octets, callback?: WriteCallback): boolean;
  /** The last bytes have been handed to the operating system. */
  _flushed(): void;
}

/** Reports what is wrong with a call, but not before it has returned. */
export function emitLater(message: WritingMessage, error: Error, callback: WriteCallback | undefined): void {
  process.nextTick(() => {
    callback?.(error);
    if (!message.destroyed) message.emit('error', error);
  });
}

/** `end()` of a message that has ended. */
export function endAgain(message: WritingMessage, chunk: unknown, callback: WriteCallback | undefined): void {
  if (chunk) emitLater(message, errors.writeAfterEnd(), callback);
  else if (callback && message.writableFinished) callback(errors.alreadyFinished('end'));
  else if (callback) message.on('finish', callback);
}

/** `write()`. @returns whether more may be written before 'drain' */
export function writeChunk(
  message: WritingMessage,
  chunk: unknown,
  encoding: BufferEncoding | undefined,
  callback: WriteCallback | undefined,
): boolean {
  checkChunk(chunk);
  if (message.finished || message.destroyed) {
    const error = message.finished ? errors.writeAfterEnd() : errors.streamDestroyed('write');
    emitLater(message, error, callback);
    return false;
  }
  const data = toOctets(chunk, encoding);
  if (message._header === null) message._implicitHeader();
  admitPart(message, data);
  if (!message._hasBody) {
    if (callback) process.nextTick(callback);
    return true;
  }
  corkForThisTick(message);
  if (!message.chunkedEncoding || data.length === 0) return message._send(data, callback);
  const parts = chunkOf(data);
  for (let i = 0; i < parts.length - 1; i++) message._send(parts[i]!);
  return message._send(parts[parts.length - 1]!, callback);
}

/** What is written within one tick goes out together. */
function corkForThisTick(message: WritingMessage): void {
  const { socket } = message;
  if (socket === null || socket.writableCorked > 0) return;
  socket.cork();
  message._tickCork = socket;
  process.nextTick(uncorkTick, message);
}

function uncorkTick(message: WritingMessage): void {
  message._tickCork?.uncork();
  message._tickCork = null;
}

/** Sends the end of the body, in one write where it is short; 'finish' follows when it is flushed. */
export function sendLast(message: WritingMessage, body: Octets): void {
  const { socket } = message;
  const done: WriteCallback = (error) => {
    if (!error && !isLost(message)) message._flushed();
  };
  const chunked = message.chunkedEncoding && message._hasBody;
  if (typeof body === 'string') {
    message._send(chunked ? lastChunk(body, message._trailer) : body, done);
  } else {
    socket?.cork();
    if (chunked) {
      for (const part of chunkOf(body)) message._send(part);
      message._send(lastChunk('', message._trailer), done);
    } else {
      message._send(body, done);
    }
    socket?.uncork();
  }
  for (; message._corked > 0; message._corked--) socket?.uncork();
  uncorkTick(message);
}

/** A socket calls back without an error when it was destroyed while the operating system still refused the bytes. */
function isLost(message: WritingMessage): boolean {
  return !message._handedOver && message.socket?.destroyed === true;
}
