// Responses whose content is a file, or a part of one.

import { close, fstat, open, read, type Stats } from 'node:fs';
import type { Duplex } from 'node:stream';
import { invalidArgValue } from '../common/errors.js';
import { http2Error } from '../common/http2-errors.js';
import { validateObject } from '../common/validate.js';
import type { OutgoingHeaders } from './headers.js';

export interface FileOptions {
  /** Called before the response begins; may add headers. Returning false means that it has answered itself. */
  statCheck?: ((stat: Stats, headers: OutgoingHeaders, options: FileOptions) => unknown) | undefined;
  /** Called with errors before the response begins, in place of destroying the stream. */
  onError?: ((error: Error) => void) | undefined;
  waitForTrailers?: boolean | undefined;
  /** The octet to begin at, and how many to send; -1 for all. Default: the whole file. */
  offset?: number | undefined;
  length?: number | undefined;
}

/** The stream that answers. */
export interface FileResponder extends Duplex {
  readonly headersSent: boolean;
  readonly closed: boolean;
  /** Whether its headers have not ended the response. */
  readonly takesContent: boolean;
  close(code: number): void;
  /** For programs the writable side has ended; only the content of a file is written. */
  claim(): void;
  writeContent(chunk: Buffer, callback: () => void): void;
  endContent(): void;
  respond(headers: OutgoingHeaders, options?: { endStream?: boolean; waitForTrailers?: boolean }): void;
}

const INTERNAL_ERROR = 2;

/** Octets read from a file at a time. */
const CHUNK = 65_536;

const NOTHING = Buffer.alloc(0);

/** @throws ERR_INVALID_ARG_VALUE, ERR_INVALID_ARG_TYPE */
export function validateFileOptions(options: FileOptions): void {
  validateObject(options, 'options');
  for (const name of ['offset', 'length'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'number') throw invalidArgValue(`options.${name}`, value);
  }
  for (const name of ['statCheck', 'onError'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'function') throw invalidArgValue(`options.${name}`, value);
  }
}

/** Opens a file, answers with it, and closes it. */
export function respondWithPath(
  stream: FileResponder,
  path: string | Buffer | URL,
  headers: OutgoingHeaders,
  options: FileOptions,
): void {
  const fail = (error: Error) => {
    if (options.onError) options.onError.call(stream, error);
    else stream.destroy(error);
  };
  open(path, 'r', (error, fd) => {
    if (error) return fail(error);
    const finish = () => close(fd, () => {});
    if (stream.destroyed || stream.closed) return finish();
    fstat(fd, (failure, stat) => {
      if (stream.destroyed || stream.closed) return finish();
      if (failure || !stat.isFile()) {
        const unusable = failure ?? unusableFile(stat, options);
        if (unusable) {
          finish();
          return fail(unusable);
        }
      }
      stream.once('close', finish);
      begin(stream, fd, stat, headers, options, true);
    });
  });
}

/** Why something that is no regular file cannot be sent; pipes and the like can, as a whole. */
function unusableFile(stat: Stats, { offset, length }: FileOptions): Error | undefined {
  if (stat.isDirectory()) return http2Error('ERR_HTTP2_SEND_FILE');
  const partial = (offset ?? 0) > 0 || (length ?? -1) >= 0;
  return partial ? http2Error('ERR_HTTP2_SEND_FILE_NOSEEK') : undefined;
}

/** Answers with what a descriptor reads; it is not closed. */
export function respondWithDescriptor(
  stream: FileResponder,
  fd: number,
  headers: OutgoingHeaders,
  options: FileOptions,
): void {
  if (!options.statCheck) {
    send(stream, fd, headers, options, options.offset ?? -1, options.length ?? -1);
    return;
  }
  fstat(fd, (error, stat) => {
    if (stream.destroyed || stream.closed) return;
    if (error) stream.destroy(error);
    else begin(stream, fd, stat, headers, options, false);
  });
}

/** Asks `statCheck`, sets content-length, and sends. */
function begin(
  stream: FileResponder,
  fd: number,
  stat: Stats,
  headers: OutgoingHeaders,
  options: FileOptions,
  sized: boolean,
): void {
  if (options.statCheck?.call(stream, stat, headers, options) === false) return;
  if (stream.headersSent) {
    stream.end();
    return;
  }
  const offset = options.offset ?? -1;
  let length = options.length ?? -1;
  if (sized && stat.isFile()) {
    const rest = Math.max(0, stat.size - Math.max(0, offset));
    length = length < 0 ? rest : Math.min(rest, length);
    headers['content-length'] = length;
  }
  send(stream, fd, headers, options, offset, length);
}

function send(
  stream: FileResponder,
  fd: number,
  headers: OutgoingHeaders,
  options: FileOptions,
  offset: number,
  length: number,
): void {
  stream.claim();
  // Nothing is sent before it is known that there is something to read.
  readChunk(fd, offset, length, (error, first) => {
    if (stream.destroyed || stream.closed) return;
    if (error) {
      unreadable(stream, error, options);
      return;
    }
    stream.respond(headers, { waitForTrailers: options.waitForTrailers === true });
    pump(stream, fd, stream.takesContent ? first : NOTHING, options, offset, length);
  });
}

/** Writes a chunk and reads the next one, until the end. */
function pump(
  stream: FileResponder,
  fd: number,
  chunk: Buffer,
  options: FileOptions,
  offset: number,
  length: number,
): void {
  if (chunk.length === 0) {
    stream.endContent();
    return;
  }
  const nextOffset = offset < 0 ? -1 : offset + chunk.length;
  const left = length < 0 ? -1 : length - chunk.length;
  stream.writeContent(chunk, () => {
    if (stream.destroyed) return;
    readChunk(fd, nextOffset, left, (error, next) => {
      if (stream.destroyed) return;
      if (error) unreadable(stream, error, options);
      else pump(stream, fd, next, options, nextOffset, left);
    });
  });
}

/** The file cannot be read: RST_STREAM INTERNAL_ERROR. */
function unreadable(stream: FileResponder, error: Error, options: FileOptions): void {
  options.onError?.call(stream, error);
  if (!stream.destroyed) stream.close(INTERNAL_ERROR);
}

/** @param offset - -1 for where the descriptor is @param length - octets left, or -1 for all */
function readChunk(
  fd: number,
  offset: number,
  length: number,
  callback: (error: Error | null, chunk: Buffer) => void,
): void {
  const size = length < 0 ? CHUNK : Math.min(CHUNK, length);
  const chunk = Buffer.allocUnsafe(size);
  if (size === 0) {
    process.nextTick(callback, null, chunk);
    return;
  }
  read(fd, chunk, 0, size, offset < 0 ? null : offset, (error, octets) => {
    callback(error, chunk.subarray(0, octets ?? 0));
  });
}
