// Options that servers and clients share, checked and brought into the shape that connections want.

import { invalidArgType } from '../common/errors.js';
import { http2Error } from '../common/http2-errors.js';
import { validateInteger, validateNumber } from '../common/validate.js';
import type { ConnectionOptions, Role } from '../protocol/http2/connection-core.js';
import { constants } from './constants.js';
import { MAX_CUSTOM_SETTINGS, type Settings, validateSettings } from './settings.js';

/** Options of sessions. Section http2createserveroptions-onrequesthandler. */
export interface SessionOptions {
  maxDeflateDynamicTableSize?: number | undefined;
  maxSettings?: number | undefined;
  /** Megabytes. */
  maxSessionMemory?: number | undefined;
  maxHeaderListPairs?: number | undefined;
  maxOutstandingPings?: number | undefined;
  maxOutstandingSettings?: number | undefined;
  maxSendHeaderBlockLength?: number | undefined;
  paddingStrategy?: number | undefined;
  peerMaxConcurrentStreams?: number | undefined;
  maxReservedRemoteStreams?: number | undefined;
  maxSessionInvalidFrames?: number | undefined;
  maxSessionRejectedStreams?: number | undefined;
  streamResetBurst?: number | undefined;
  streamResetRate?: number | undefined;
  settings?: Settings | undefined;
  remoteCustomSettings?: number[] | undefined;
  /** Milliseconds. */
  unknownProtocolTimeout?: number | undefined;
}

const UINT32_OPTIONS = ['maxSessionInvalidFrames', 'maxSessionRejectedStreams'] as const;

/**
 * Checks the options of a session.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_HTTP2_INVALID_SETTING_VALUE, ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS
 */
export function validateSessionOptions(options: SessionOptions): void {
  if (options.settings !== undefined) validateSettings(options.settings);
  for (const name of UINT32_OPTIONS) {
    const value = options[name];
    if (value === undefined) continue;
    validateNumber(value, name, 0, 0xffff_ffff);
    if (!Number.isInteger(value)) validateInteger(value, name);
  }
  if (options.unknownProtocolTimeout !== undefined) {
    validateNumber(options.unknownProtocolTimeout, 'unknownProtocolTimeout', 0, 0x7fff_ffff);
  }
  const custom = options.remoteCustomSettings;
  if (custom !== undefined) {
    if (!Array.isArray(custom)) throw invalidArgType('remoteCustomSettings', 'an instance of Array', custom);
    if (custom.length > MAX_CUSTOM_SETTINGS) throw http2Error('ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS');
  }
}

/** The options that concern the connection. */
export function connectionOptions(role: Role, options: SessionOptions): ConnectionOptions {
  const limits: { [name: string]: number } = {};
  const limit = (name: string, value: number | undefined, min = 0): void => {
    if (value !== undefined) limits[name] = Math.max(min, value);
  };
  limit('maxHeaderListPairs', options.maxHeaderListPairs, role === 'server' ? 4 : 1);
  limit('maxSettings', options.maxSettings, 1);
  limit('maxInvalidFrames', options.maxSessionInvalidFrames);
  limit('maxRejectedStreams', options.maxSessionRejectedStreams);
  if (options.streamResetBurst !== undefined && options.streamResetRate !== undefined) {
    limit('streamResetBurst', options.streamResetBurst);
    limit('streamResetRate', options.streamResetRate);
  }
  const reserved = options.maxReservedRemoteStreams;
  limit('maxReservedStreams', reserved !== undefined && reserved < 0 ? 0xffff_ffff : reserved);
  limit('maxMemory', options.maxSessionMemory === undefined ? undefined : Math.max(1, options.maxSessionMemory) * 1e6);
  limit('maxSendHeaderBlockLength', options.maxSendHeaderBlockLength);
  return {
    role,
    limits,
    maxDeflateTableSize: options.maxDeflateDynamicTableSize,
    peerMaxConcurrentStreams: options.peerMaxConcurrentStreams,
    maxHeaderListSize: options.settings?.maxHeaderListSize ?? options.settings?.maxHeaderSize,
    padding: padding(options.paddingStrategy),
  };
}

/** Octets of a padded payload by strategy. */
function padding(strategy: number | undefined): ConnectionOptions['padding'] {
  // A frame has at most 255 octets of padding, and one that says how many.
  if (strategy === constants.PADDING_STRATEGY_MAX) return (length, room) => Math.min(room, length + 256);
  if (strategy !== constants.PADDING_STRATEGY_ALIGNED) return undefined;
  return (length, room) => {
    const excess = (length + 9) % 8;
    return excess === 0 ? length : Math.min(room, length + 8 - excess);
  };
}
