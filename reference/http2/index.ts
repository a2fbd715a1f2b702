// What node:http2 exports.

import type { Duplex } from 'node:stream';
import { validateObject } from '../common/validate.js';
import { Http2ServerRequest } from './compat-request.js';
import { Http2ServerResponse } from './compat-response.js';
import { connect } from './connect.js';
import { constants } from './constants.js';
import { sensitiveHeaders } from './headers.js';
import { createSecureServer } from './secure-server.js';
import { createServer } from './server.js';
import { ServerHttp2Session, type ServerSessionOptions } from './server-session.js';
import { validateSessionOptions } from './session-options.js';
import { getDefaultSettings, getPackedSettings, getUnpackedSettings } from './settings.js';

/** A server's session on a socket that is there already. Section http2performserverhandshakesocket-options. */
export function performServerHandshake(socket: Duplex, options: ServerSessionOptions = {}): ServerHttp2Session {
  validateObject(options, 'options');
  validateSessionOptions(options);
  return new ServerHttp2Session(socket, options);
}

export {
  connect,
  constants,
  createSecureServer,
  createServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  Http2ServerRequest,
  Http2ServerResponse,
  sensitiveHeaders,
};

export default {
  connect,
  constants,
  createServer,
  createSecureServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  Http2ServerRequest,
  Http2ServerResponse,
  performServerHandshake,
  sensitiveHeaders,
};
