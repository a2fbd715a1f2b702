// What happens to a stream of a server, handed on to the request and the response that stand for it.

import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { validateFunction } from '../common/validate.js';
import type { IncomingHeaders } from './headers.js';
import type { ServerHttp2Stream } from './server-stream.js';

/** Calls of a stream on its request and its response. */
export const kAborted = Symbol('aborted');
export const kClosed = Symbol('closed');
export const kFinished = Symbol('finished');
export const kTrailers = Symbol('trailers');

export interface StreamRequest extends Readable {
  [kAborted](): void;
  [kClosed](): void;
  [kTrailers](trailers: IncomingHeaders, rawTrailers: string[]): void;
}

export interface StreamResponse extends EventEmitter {
  [kClosed](): void;
  [kFinished](): void;
  /** The stream asks for trailers. */
  [kTrailers](): void;
}

const kRequest = Symbol('request');
const kResponse = Symbol('response');
const kServer = Symbol('server');

/** A stream with its request and its response. */
export interface CompatStream extends ServerHttp2Stream {
  [kRequest]?: StreamRequest;
  [kResponse]?: StreamResponse;
  [kServer]?: EventEmitter;
}

// All streams share these listeners: a request costs no closures.

/** From now on the request hears of its stream. */
export function bindRequest(stream: CompatStream, request: StreamRequest): void {
  if (stream[kResponse] === undefined) watch(stream);
  stream[kRequest] = request;
  stream.on('aborted', onAborted);
  if (!stream.endAfterHeaders) stream.on('trailers', onTrailers);
}

/** From now on the response hears of its stream. */
export function bindResponse(stream: CompatStream, response: StreamResponse): void {
  if (stream[kRequest] === undefined) watch(stream);
  stream[kResponse] = response;
}

/** The server whose listeners of 'timeout' are asked last. */
export function bindServer(stream: CompatStream, server: EventEmitter): void {
  stream[kServer] = server;
}

function watch(stream: CompatStream): void {
  stream.on('close', onClose);
  // What goes wrong on a stream shows as 'aborted' and 'close' of request and response.
  stream.on('error', ignore);
}

function ignore(): void {}

function onClose(this: CompatStream): void {
  this[kRequest]?.[kClosed]();
  this[kResponse]?.[kClosed]();
}

function onAborted(this: CompatStream): void {
  this[kRequest]?.[kAborted]();
}

function onTrailers(this: CompatStream, trailers: IncomingHeaders, _flags: number, rawTrailers: string[]): void {
  this[kRequest]?.[kTrailers](trailers, rawTrailers);
}

/** Content goes to the request, as fast as that is read. */
export function readInto(stream: CompatStream): void {
  stream.on('data', onData);
  stream.on('end', onEnd);
}

function onData(this: CompatStream, chunk: Buffer): void {
  if (!this[kRequest]!.push(chunk)) this.pause();
}

function onEnd(this: CompatStream): void {
  this[kRequest]!.push(null);
}

/** Tells the response when all of it has been handed over. */
export function awaitFinish(stream: CompatStream): void {
  stream.on('finish', onFinish);
}

function onFinish(this: CompatStream): void {
  this[kResponse]?.[kFinished]();
}

/** Tells the response when the stream can take more. */
export function awaitDrain(stream: CompatStream): void {
  stream.once('drain', onDrain);
}

function onDrain(this: CompatStream): void {
  this[kResponse]?.emit('drain');
}

/** Asks the response for trailers. */
export function awaitWantTrailers(stream: CompatStream): void {
  stream.once('wantTrailers', onWantTrailers);
}

function onWantTrailers(this: CompatStream): void {
  this[kResponse]?.[kTrailers]();
}

/**
 * Sets the stream's timeout. Sections requestsettimeoutmsecs-callback, responsesettimeoutmsecs-callback
 *
 * @param msecs - milliseconds, 0 for none
 * @param callback - listens to 'timeout' of the response
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
 */
export function setStreamTimeout(stream: CompatStream, msecs: number, callback: (() => void) | undefined): void {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (stream.destroyed) return;
  stream.setTimeout(msecs);
  const listener = stream[kResponse] ?? stream[kRequest];
  if (callback !== undefined) listener?.on('timeout', callback);
  if (!stream.listeners('timeout').includes(onTimeout)) stream.on('timeout', onTimeout);
}

/** Where nobody listens the stream is destroyed. */
function onTimeout(this: CompatStream): void {
  const ofRequest = this[kRequest]?.emit('timeout') ?? false;
  const ofResponse = this[kResponse]?.emit('timeout') ?? false;
  if (ofRequest || ofResponse || this[kServer]?.emit('timeout', this.session)) return;
  this.destroy();
}
