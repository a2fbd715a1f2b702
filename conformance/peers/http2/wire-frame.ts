/** Frames as scripts write them (vectors/README.md, Frames), into bytes. Nothing is judged: scripts may break every rule. */

import { Encoder } from '../../../reference/protocol/hpack/encoder.js';
import { encodeFrame } from '../../../reference/protocol/http2/encode-frame.js';
import { ErrorCode, isErrorCodeName } from '../../../reference/protocol/http2/errorcode.js';
import { Flag, type Frame, flagsOf, type Priority, type Setting } from '../../../reference/protocol/http2/frame.js';
import { settingEntries } from '../../../reference/protocol/http2/settings.js';
import type { WireFrame } from '../../plan.js';
import { Unmet } from '../waits.js';

/**
 * An encoder that leaves the dynamic table alone: field blocks that a script gives as bytes may use it as they like.
 */
export function literalEncoder(): Encoder {
  return new Encoder({ indexing: () => 'WITHOUT_INDEXING' });
}

/** @throws Unmet when the script names what does not exist */
export function encodeWireFrame(wire: WireFrame, encoder: Encoder): Buffer {
  try {
    return encodeFrame(toFrame(wire, encoder), {
      payload: wire.raw === undefined ? undefined : bytesOf(wire.raw, 'base64'),
      length: wire.length,
      flags: typeof wire.flags === 'number' ? wire.flags : undefined,
      reserved: wire.reserved === true,
    });
  } catch (error) {
    throw error instanceof RangeError ? new Unmet(`a ${wire.type} frame cannot be sent: ${error.message}`) : error;
  }
}

export function isAck(wire: WireFrame): boolean {
  return (flagsOfWire(wire) & Flag.ACK) !== 0;
}

/** What a SETTINGS frame of a script says. */
export function settingsOf(wire: WireFrame): readonly Setting[] {
  if (Array.isArray(wire.entries)) return wire.entries as Setting[];
  return settingEntries((wire.settings ?? {}) as { [name: string]: number });
}

const HEADERS_FLAGS = new Set(['HEADERS', 'PUSH_PROMISE', 'CONTINUATION']);

function flagsOfWire({ type, flags, ack }: WireFrame): number {
  const given = Array.isArray(flags) ? flagsOf(flags) : (flags ?? (HEADERS_FLAGS.has(type) ? Flag.END_HEADERS : 0));
  return ack === true ? given | Flag.ACK : given;
}

function toFrame(wire: WireFrame, encoder: Encoder): Frame {
  const base = { flags: flagsOfWire(wire), streamId: wire.stream ?? 0 };
  const padLength = wire.pad === undefined ? undefined : Number(wire.pad);
  switch (wire.type) {
    case 'DATA':
      return { ...base, type: 'DATA', data: bytesOf(wire.data), padLength };
    case 'HEADERS': {
      const priority = wire.priority === undefined ? undefined : priorityOf(wire.priority as WireFrame);
      return { ...base, type: 'HEADERS', fragment: fragment(wire, encoder), padLength, priority };
    }
    case 'PRIORITY':
      return { ...base, type: 'PRIORITY', priority: priorityOf(wire) };
    case 'RST_STREAM':
      return { ...base, type: 'RST_STREAM', errorCode: errorCode(wire.code) };
    case 'SETTINGS':
      return { ...base, type: 'SETTINGS', settings: settingsOf(wire) };
    case 'PUSH_PROMISE': {
      const promisedStreamId = numberOf(wire.promised);
      return { ...base, type: 'PUSH_PROMISE', promisedStreamId, fragment: fragment(wire, encoder), padLength };
    }
    case 'PING':
      return {
        ...base,
        type: 'PING',
        opaqueData: wire.payload === undefined ? Buffer.alloc(8) : bytesOf(wire.payload),
      };
    case 'GOAWAY': {
      const lastStreamId = numberOf(wire.last);
      return { ...base, type: 'GOAWAY', lastStreamId, errorCode: errorCode(wire.code), debugData: bytesOf(wire.debug) };
    }
    case 'WINDOW_UPDATE':
      return { ...base, type: 'WINDOW_UPDATE', increment: numberOf(wire.increment) };
    case 'CONTINUATION':
      return { ...base, type: 'CONTINUATION', fragment: fragment(wire, encoder) };
    case 'ALTSVC':
      return { ...base, type: 'ALTSVC', origin: String(wire.origin ?? ''), value: String(wire.value ?? '') };
    case 'ORIGIN':
      return { ...base, type: 'ORIGIN', origins: ((wire.origins ?? []) as unknown[]).map(String) };
    case 'PRIORITY_UPDATE': {
      const prioritizedStreamId = numberOf(wire.prioritized);
      return { ...base, type: 'PRIORITY_UPDATE', prioritizedStreamId, fieldValue: String(wire.value ?? '') };
    }
    case 'UNKNOWN':
      return { ...base, type: 'UNKNOWN', code: numberOf(wire.code), payload: Buffer.alloc(0) };
    default:
      throw new RangeError('there is no such type');
  }
}

function fragment(wire: WireFrame, encoder: Encoder): Buffer {
  if (wire.block !== undefined) return bytesOf(wire.block);
  const fields = (wire.fields ?? []) as [name: unknown, value: unknown, sensitive?: unknown][];
  return encoder.encode(
    fields.map(([name, value, sensitive]) => ({
      name: octets(name),
      value: octets(value),
      sensitive: Boolean(sensitive),
    })),
  );
}

/** Text as HPACK takes it: a character for each octet of its UTF-8. */
function octets(text: unknown): string {
  return (Buffer.isBuffer(text) ? text : Buffer.from(String(text))).toString('latin1');
}

function priorityOf({ parent, weight, exclusive }: { [field: string]: unknown }): Priority {
  return {
    parent: numberOf(parent),
    weight: weight === undefined ? 16 : numberOf(weight),
    exclusive: exclusive === true,
  };
}

function errorCode(code: unknown): number {
  if (typeof code !== 'string') return numberOf(code);
  const name = code.replace(/^NGHTTP2_/, '');
  if (!isErrorCodeName(name)) throw new RangeError(`there is no error code ${code}`);
  return ErrorCode[name];
}

function numberOf(value: unknown): number {
  return value === undefined ? 0 : Number(value);
}

function bytesOf(value: unknown, encoding: 'utf8' | 'base64' = 'utf8'): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(value === undefined || value === null ? '' : String(value), encoding);
}
