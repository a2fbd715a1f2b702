/** A frame that has arrived: for the record, and as a line of the transcript. */

import type { HeaderField } from '../../../reference/protocol/hpack/header-field.js';
import { errorCodeName } from '../../../reference/protocol/http2/errorcode.js';
import { Flag, type Frame, flagNames, frameTypeName, type RawFrame } from '../../../reference/protocol/http2/frame.js';
import { settingsByName } from '../../../reference/protocol/http2/settings.js';
import type { Seen } from '../../plan.js';
import { clip, escapeBytes } from '../transcript.js';
import { bodySeen, bytesSeen, type Field, fieldsSeen, headersSeen, textSeen } from '../value.js';

/** A field block, decoded. */
export interface Block {
  fields: Field[];
  /** Names of fields that were sent never-indexed. */
  sensitive: string[];
}

export function toBlock(fields: readonly HeaderField[]): Block {
  return {
    fields: fields.map(({ name, value }) => [name, value]),
    sensitive: fields.filter((field) => field.sensitive).map((field) => field.name),
  };
}

export class ReceivedFrame {
  readonly type: string;
  readonly stream: number;
  readonly flags: readonly string[];
  /** The peer has answered it by itself, or it answers what the peer has sent by itself. */
  housekeeping = false;

  constructor(
    /** The frame as it came; of a block in several frames the first. */
    readonly raw: RawFrame,
    /** Position among all the frames of the connection. */
    readonly position: number,
    /** What its payload says; undefined when it cannot be decoded. */
    readonly frame: Frame | undefined,
    readonly details: {
      block?: Block | undefined;
      /** CONTINUATION frames behind it. */
      continuations?: number | undefined;
      /** Why it cannot be decoded. */
      error?: string | undefined;
    } = {},
  ) {
    this.type = frameTypeName(raw.type);
    this.stream = raw.streamId;
    this.flags = flagNames(raw.type, frame?.flags ?? raw.flags);
  }

  get ack(): boolean {
    return (this.type === 'SETTINGS' || this.type === 'PING') && (this.raw.flags & Flag.ACK) !== 0;
  }

  get endsStream(): boolean {
    return (this.type === 'DATA' || this.type === 'HEADERS') && (this.raw.flags & Flag.END_STREAM) !== 0;
  }

  /** As recorded. */
  seen(): Seen {
    const { type, stream, flags, raw, details } = this;
    return {
      type,
      stream,
      flags: [...flags],
      length: raw.length,
      ...(this.frame ? this.#fieldsSeen(this.frame) : { raw: bytesSeen(raw.payload) }),
      ...(details.error === undefined ? {} : { error: details.error }),
    };
  }

  /** As one line. */
  toString(): string {
    const { block, continuations, error } = this.details;
    return frameLine(this.type, this.stream, this.flags, [
      ...(continuations ? [`continuations=${continuations}`] : []),
      ...(block ? block.fields.map(([name, value]) => `${name}: ${value}`) : this.#summary()),
      ...(error === undefined ? [] : [`error: ${error}`]),
    ]);
  }

  #fieldsSeen(frame: Frame): { [field: string]: Seen } {
    const pad = 'padLength' in frame && frame.padLength !== undefined ? { pad: frame.padLength } : {};
    switch (frame.type) {
      case 'DATA':
        return { data: bytesSeen(frame.data), ...pad };
      case 'HEADERS': {
        const priority = frame.priority ? { priority: { ...frame.priority } } : {};
        return { ...this.#blockSeen(frame.fragment), ...pad, ...priority };
      }
      case 'PUSH_PROMISE':
        return { promised: frame.promisedStreamId, ...this.#blockSeen(frame.fragment), ...pad };
      case 'CONTINUATION':
        return { block: bytesSeen(frame.fragment) };
      case 'PRIORITY':
        return { ...frame.priority };
      case 'RST_STREAM':
        return { code: errorCodeSeen(frame.errorCode) };
      case 'SETTINGS': {
        const entries = frame.settings.map(([id, value]) => [id, value]);
        return { settings: settingsByName(frame.settings), entries, ack: this.ack };
      }
      case 'PING':
        return { payload: bytesSeen(frame.opaqueData), ack: this.ack };
      case 'GOAWAY':
        return { last: frame.lastStreamId, code: errorCodeSeen(frame.errorCode), debug: bodySeen(frame.debugData) };
      case 'WINDOW_UPDATE':
        return { increment: frame.increment };
      case 'ALTSVC':
        return { origin: textSeen(frame.origin), value: textSeen(frame.value) };
      case 'ORIGIN':
        return { origins: frame.origins.map(textSeen) };
      case 'PRIORITY_UPDATE':
        return { prioritized: frame.prioritizedStreamId, value: textSeen(frame.fieldValue) };
      case 'UNKNOWN':
        return { code: frame.code, raw: bytesSeen(frame.payload) };
    }
  }

  #blockSeen(fragment: Buffer): { [field: string]: Seen } {
    const { block, continuations = 0 } = this.details;
    if (!block) return { block: bytesSeen(fragment), continuations };
    const { fields, sensitive } = block;
    return {
      fields: fieldsSeen(fields),
      headers: headersSeen(fields),
      sensitive: sensitive.map(textSeen),
      continuations,
    };
  }

  #summary(): string[] {
    const { frame } = this;
    switch (frame?.type) {
      case 'DATA':
        return [`${frame.data.length} bytes`, escapeBytes(frame.data)];
      case 'PRIORITY':
        return [JSON.stringify(frame.priority)];
      case 'RST_STREAM':
        return [String(errorCodeSeen(frame.errorCode))];
      case 'SETTINGS':
        return this.ack ? [] : [JSON.stringify(settingsByName(frame.settings))];
      case 'PING':
        return [frame.opaqueData.toString('hex')];
      case 'GOAWAY':
        return [`last=${frame.lastStreamId}`, String(errorCodeSeen(frame.errorCode)), escapeBytes(frame.debugData)];
      case 'WINDOW_UPDATE':
        return [`+${frame.increment}`];
      case 'ALTSVC':
        return [frame.origin, frame.value];
      case 'ORIGIN':
        return [...frame.origins];
      case 'UNKNOWN':
        return [`type=${frame.code}`, escapeBytes(frame.payload)];
      default:
        return [escapeBytes(this.raw.payload)];
    }
  }
}

/** `HEADERS stream=1 END_STREAM|END_HEADERS :status: 200, x: y` */
export function frameLine(type: string, stream: number, flags: readonly string[], details: readonly string[]): string {
  const head = [type, ...(stream === 0 ? [] : [`stream=${stream}`]), ...(flags.length === 0 ? [] : [flags.join('|')])];
  const text = details.filter((detail) => detail !== '').join(', ');
  return clip(text === '' ? head.join(' ') : `${head.join(' ')} ${text}`);
}

/** The RFC's name; codes that it does not define stay numbers. */
function errorCodeSeen(code: number): string | number {
  return errorCodeName(code) ?? code;
}
