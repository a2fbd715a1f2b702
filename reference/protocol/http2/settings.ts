import { MAX_31_BIT, MAX_MAX_FRAME_SIZE, MIN_MAX_FRAME_SIZE, type Setting } from './frame.js';
import { FrameError } from './frame-error.js';

/** Identifiers of settings. RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1 */
export const SettingId = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
  ENABLE_CONNECT_PROTOCOL: 0x8,
  NO_RFC7540_PRIORITIES: 0x9,
} as const;

/** Node's names, in the order of their identifiers; of two names for one setting the first is the one to show. */
const IDS = new Map<string, number>([
  ['headerTableSize', SettingId.HEADER_TABLE_SIZE],
  ['enablePush', SettingId.ENABLE_PUSH],
  ['maxConcurrentStreams', SettingId.MAX_CONCURRENT_STREAMS],
  ['initialWindowSize', SettingId.INITIAL_WINDOW_SIZE],
  ['maxFrameSize', SettingId.MAX_FRAME_SIZE],
  ['maxHeaderListSize', SettingId.MAX_HEADER_LIST_SIZE],
  ['maxHeaderSize', SettingId.MAX_HEADER_LIST_SIZE],
  ['enableConnectProtocol', SettingId.ENABLE_CONNECT_PROTOCOL],
]);

const NAMES = new Map<number, string>();
for (const [name, id] of IDS) if (!NAMES.has(id)) NAMES.set(id, name);

/** What holds until SETTINGS say otherwise; what is missing here is without limit. §6.5.2 */
export const DEFAULT_SETTINGS = {
  headerTableSize: 4096,
  enablePush: true,
  initialWindowSize: 65_535,
  maxFrameSize: MIN_MAX_FRAME_SIZE,
  enableConnectProtocol: false,
} as const;

/** Node's name of a setting, or undefined for one it has no name for. */
export function settingName(id: number): string | undefined {
  return NAMES.get(id);
}

/** The identifier that Node's name (or a decimal number) stands for, or undefined for neither. */
export function settingId(name: string): number | undefined {
  return IDS.get(name) ?? (/^\d+$/.test(name) && Number(name) <= 0xffff ? Number(name) : undefined);
}

/**
 * Settings by name as the entries of a SETTINGS frame, in the object's order (which puts numbers first). No value is
 * judged.
 *
 * @throws RangeError when a name is neither one of Node's nor a 16-bit number
 */
export function settingEntries(settings: { readonly [name: string]: number | boolean }): Setting[] {
  return Object.entries(settings).map(([name, value]) => {
    const id = settingId(name);
    if (id === undefined) throw new RangeError(`no such setting: ${name}`);
    return [id, Number(value)];
  });
}

/** Entries of a SETTINGS frame by Node's name, or by number where it has none; the last of several wins. */
export function settingsByName(entries: Iterable<Setting>): { [name: string]: number } {
  const settings: { [name: string]: number } = {};
  for (const [id, value] of entries) settings[settingName(id) ?? id] = value;
  return settings;
}

/** The rule that a received value breaks; undefined when there is none, as for every unknown setting. */
export function checkSetting([id, value]: Setting): FrameError | undefined {
  switch (id) {
    case SettingId.ENABLE_PUSH:
      return value > 1 ? illegal('PROTOCOL_ERROR', 'RFC 9113 §6.5.2', 'ENABLE_PUSH', value) : undefined;
    case SettingId.INITIAL_WINDOW_SIZE:
      return value > MAX_31_BIT
        ? illegal('FLOW_CONTROL_ERROR', 'RFC 9113 §6.5.2', 'INITIAL_WINDOW_SIZE', value)
        : undefined;
    case SettingId.MAX_FRAME_SIZE:
      return value < MIN_MAX_FRAME_SIZE || value > MAX_MAX_FRAME_SIZE
        ? illegal('PROTOCOL_ERROR', 'RFC 9113 §6.5.2', 'MAX_FRAME_SIZE', value)
        : undefined;
    case SettingId.ENABLE_CONNECT_PROTOCOL:
      return value > 1 ? illegal('PROTOCOL_ERROR', 'RFC 8441 §3', 'ENABLE_CONNECT_PROTOCOL', value) : undefined;
    case SettingId.NO_RFC7540_PRIORITIES:
      return value > 1 ? illegal('PROTOCOL_ERROR', 'RFC 9218 §2.1', 'NO_RFC7540_PRIORITIES', value) : undefined;
    default:
      return undefined;
  }
}

function illegal(
  code: 'PROTOCOL_ERROR' | 'FLOW_CONTROL_ERROR',
  section: string,
  name: string,
  value: number,
): FrameError {
  return new FrameError(code, 'connection', section, `SETTINGS_${name} must not be ${value}`);
}
