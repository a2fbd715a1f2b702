/** What SETTINGS and their acknowledgement do to a connection. RFC 9113 §6.5 */
import type { ConnectionCore } from './connection-core.js';
import { overflows } from './flow-control.js';
import type { Setting } from './frame.js';
import { FrameError } from './frame-error.js';
import { checkSetting, SettingId } from './settings.js';

/**
 * Applies the other side's settings, in order.
 *
 * @returns the rule that they break; the connection is lost then
 */
export function applySettings(core: ConnectionCore<unknown>, settings: readonly Setting[]): FrameError | undefined {
  if (settings.length > core.limits.maxSettings) {
    return new FrameError('ENHANCE_YOUR_CALM', 'connection', 'RFC 9113 §10.5', 'too many entries of SETTINGS');
  }
  const { remote } = core;
  if (!core.settled) remote.apply([[SettingId.MAX_CONCURRENT_STREAMS, 0xffff_ffff]]);
  core.settled = true;
  const window = remote.initialWindowSize;
  for (const [id, value] of settings) {
    const fault = checkSetting([id, value]) ?? forbidden(core, id, value);
    if (fault) return fault;
    remote.apply([[id, value]]);
    if (id === SettingId.MAX_CONCURRENT_STREAMS) core.peerMaxConcurrentStreams = value;
    else if (id === SettingId.HEADER_TABLE_SIZE) core.encoder.limitTableSize(value);
  }
  return shiftSendWindows(core, remote.initialWindowSize - window);
}

/** §6.5.2: servers do not allow push; RFC 8441 §3: extended CONNECT is not taken back. */
function forbidden({ role, remote }: ConnectionCore<unknown>, id: number, value: number): FrameError | undefined {
  const push = id === SettingId.ENABLE_PUSH && role === 'client' && value === 1;
  const connect = id === SettingId.ENABLE_CONNECT_PROTOCOL && remote.enableConnectProtocol && value === 0;
  if (!push && !connect) return undefined;
  return new FrameError('PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.5.2', 'a setting this side must not send');
}

/** §6.9.2 */
function shiftSendWindows(core: ConnectionCore<unknown>, by: number): FrameError | undefined {
  if (by === 0) return undefined;
  for (const stream of core.streams.values()) {
    if (overflows(stream.sendWindow, by)) {
      return new FrameError('FLOW_CONTROL_ERROR', 'connection', 'RFC 9113 §6.9.2', 'a window beyond 2^31-1');
    }
    stream.sendWindow += by;
  }
  return undefined;
}

/**
 * §6.5.3: the oldest settings of this side that were not acknowledged hold from now on.
 *
 * @returns false when there were none
 */
export function acknowledgeSettings(core: ConnectionCore<unknown>): boolean {
  const entries = core.pending.acknowledged();
  if (!entries) return false;
  const { local } = core;
  const { initialWindowSize, headerTableSize } = local;
  local.apply(entries);
  const shift = local.initialWindowSize - initialWindowSize;
  if (shift !== 0) for (const stream of core.streams.values()) stream.receiveWindow?.shift(shift);
  if (local.headerTableSize !== headerTableSize) core.decoder.limitTableSize(local.headerTableSize);
  core.decoder.maxHeaderListSize = local.maxHeaderListSize;
  core.handler.settingsAcknowledged(entries);
  return true;
}
