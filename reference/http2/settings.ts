// Settings objects: checked, packed and unpacked. Section settings-object.

import { Buffer } from 'node:buffer';
import { invalidArgType } from '../common/errors.js';
import { http2Error, http2RangeError, invalidSettingValue } from '../common/http2-errors.js';
import { validateObject } from '../common/validate.js';
import type { Setting } from '../protocol/http2/frame.js';
import { SettingId } from '../protocol/http2/settings.js';

/** Settings of one side of a session. All optional. */
export interface Settings {
  /** Octets of the other side's header compression table, 0 to 2^32-1. Default 4096. */
  headerTableSize?: number | undefined;
  /** Whether the other side may push streams. Default true. */
  enablePush?: boolean | undefined;
  /** Octets of a stream's window, 0 to 2^31-1. Default 65535. */
  initialWindowSize?: number | undefined;
  /** Octets of a frame's payload, 16384 to 2^24-1. Default 16384. */
  maxFrameSize?: number | undefined;
  /** Streams at a time, 0 to 2^32-1. Default 2^32-1. */
  maxConcurrentStreams?: number | undefined;
  /** Octets of a list of headers before compression, 0 to 2^32-1. Default 65535. */
  maxHeaderListSize?: number | undefined;
  /** Alias of `maxHeaderListSize`. */
  maxHeaderSize?: number | undefined;
  /** Extended CONNECT (RFC 8441). Default false. */
  enableConnectProtocol?: boolean | undefined;
  /** Further settings by number, at most ten. */
  customSettings?: { [type: number]: number } | undefined;
}

/** Settings that the module may be given at most beside those it knows. */
export const MAX_CUSTOM_SETTINGS = 10;

const UINT32: readonly [number, number] = [0, 0xffff_ffff];

/** Numbers by name, in the order in which they are written, with their ranges. */
const NUMBERS: readonly (readonly [name: keyof Settings, id: number, range: readonly [number, number]])[] = [
  ['headerTableSize', SettingId.HEADER_TABLE_SIZE, UINT32],
  ['maxConcurrentStreams', SettingId.MAX_CONCURRENT_STREAMS, UINT32],
  // The document allows 2^32-1, RFC 9113 §6.5.2 no more than this.
  ['initialWindowSize', SettingId.INITIAL_WINDOW_SIZE, [0, 0x7fff_ffff]],
  ['maxFrameSize', SettingId.MAX_FRAME_SIZE, [16_384, 16_777_215]],
  ['maxHeaderListSize', SettingId.MAX_HEADER_LIST_SIZE, UINT32],
  ['maxHeaderSize', SettingId.MAX_HEADER_LIST_SIZE, UINT32],
];

const BOOLEANS = [
  ['enablePush', SettingId.ENABLE_PUSH],
  ['enableConnectProtocol', SettingId.ENABLE_CONNECT_PROTOCOL],
] as const;

/** The defaults of all settings, in an object of the caller's own. */
export function getDefaultSettings(): Settings {
  return Object.assign(Object.create(null) as Settings, {
    headerTableSize: 4096,
    enablePush: true,
    initialWindowSize: 65_535,
    maxFrameSize: 16_384,
    maxConcurrentStreams: 0xffff_ffff,
    maxHeaderSize: 65_535,
    maxHeaderListSize: 65_535,
    enableConnectProtocol: false,
  });
}

/**
 * Checks settings; those that are undefined, and properties of other names, are passed over.
 *
 * @throws ERR_INVALID_ARG_TYPE when `settings` is no object
 * @throws ERR_HTTP2_INVALID_SETTING_VALUE (RangeError or TypeError) when a value is
 * @throws ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS beyond ten
 */
export function validateSettings(settings: unknown): asserts settings is Settings {
  validateObject(settings, 'settings');
  const values = settings as Settings;
  for (const [name, , range] of NUMBERS) {
    const value = values[name];
    if (value !== undefined && !isWithin(value, range)) throw invalidSettingValue(name, value, range);
  }
  for (const [name] of BOOLEANS) {
    const value = values[name];
    if (value !== undefined && typeof value !== 'boolean') throw invalidSettingValue(name, value);
  }
  if (values.customSettings !== undefined) validateCustomSettings(values.customSettings);
}

function validateCustomSettings(custom: unknown): void {
  validateObject(custom, 'customSettings');
  const entries = Object.entries(custom);
  if (entries.length > MAX_CUSTOM_SETTINGS) throw http2Error('ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS');
  for (const [type, value] of entries) {
    if (!isWithin(Number(type), [1, 0xffff])) throw invalidSettingValue('customSettings:id', type, [1, 0xffff]);
    if (!isWithin(value, UINT32)) throw invalidSettingValue('customSettings:value', value, UINT32);
  }
}

function isWithin(value: unknown, [min, max]: readonly [number, number]): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Checked settings as entries of a SETTINGS frame. Of `maxHeaderListSize` and its alias the former wins. */
export function settingsToEntries(settings: Settings): Setting[] {
  const entries = new Map<number, number>();
  for (const [name, value] of Object.entries(settings.customSettings ?? {})) entries.set(Number(name), value as number);
  for (const [name, id] of [...NUMBERS].reverse()) {
    if (settings[name] !== undefined) entries.set(id, settings[name] as number);
  }
  for (const [name, id] of BOOLEANS) if (settings[name] !== undefined) entries.set(id, settings[name] ? 1 : 0);
  return [...entries].sort(([a], [b]) => a - b);
}

/** Entries of SETTINGS by name; `others` receives those without a name. */
export function assignEntries(target: Settings, entries: Iterable<Setting>, others: (setting: Setting) => void): void {
  for (const entry of entries) {
    const [id, value] = entry;
    const boolean = BOOLEANS.find(([, known]) => known === id);
    const number = NUMBERS.find(([, known]) => known === id);
    if (boolean) target[boolean[0]] = value !== 0;
    else if (number) (target as { [name: string]: number })[number[0]] = value;
    else others(entry);
    if (id === SettingId.MAX_HEADER_LIST_SIZE) target.maxHeaderSize = value;
  }
}

/**
 * Settings as the payload of a SETTINGS frame, for the header HTTP2-Settings.
 *
 * @throws as `validateSettings`
 */
export function getPackedSettings(settings: Settings = {}): Buffer {
  validateSettings(settings);
  const entries = settingsToEntries(settings);
  const packed = Buffer.alloc(6 * entries.length);
  entries.forEach(([id, value], i) => {
    packed.writeUInt16BE(id, 6 * i);
    packed.writeUInt32BE(value, 6 * i + 2);
  });
  return packed;
}

/**
 * The settings in the payload of a SETTINGS frame, and only those.
 *
 * @throws ERR_INVALID_ARG_TYPE when `buf` is neither Buffer nor TypedArray
 * @throws ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH when its length is no multiple of six
 * @throws ERR_HTTP2_INVALID_SETTING_VALUE when `validate` is set and a value is out of range
 */
export function getUnpackedSettings(buf: Uint8Array, options?: { validate?: boolean }): Settings {
  if (!ArrayBuffer.isView(buf) || buf instanceof DataView) {
    throw invalidArgType('buf', 'an instance of Buffer or TypedArray', buf);
  }
  if (buf.length % 6 !== 0) throw http2RangeError('ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH');
  const bytes = Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength);
  const entries: Setting[] = [];
  for (let at = 0; at < bytes.length; at += 6) entries.push([bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2)]);
  const settings: Settings = {};
  assignEntries(settings, entries, ([type, value]) => {
    settings.customSettings ??= {};
    settings.customSettings[type] = value;
  });
  if (options?.validate) validateSettings(settings);
  return settings;
}
