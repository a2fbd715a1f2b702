/** node:http2 with every export present and every function inert: no vector may pass against it. */
import { inert, inertClass, outgoingMethods, readableMethods } from './inert.js';

const RESPONSE = ['appendHeader', 'createPushResponse', 'setTrailer', 'writeContinue', 'writeEarlyHints', 'writeHead'];

export const Http2ServerRequest = inertClass('Http2ServerRequest', readableMethods());
export const Http2ServerResponse = inertClass('Http2ServerResponse', outgoingMethods(...RESPONSE));

export const constants: { [name: string]: number | string } = {};
export const sensitiveHeaders = Symbol('inert');

export {
  inert as connect,
  inert as createSecureServer,
  inert as createServer,
  inert as getDefaultSettings,
  inert as getPackedSettings,
  inert as getUnpackedSettings,
  inert as performServerHandshake,
};

export default {
  Http2ServerRequest,
  Http2ServerResponse,
  connect: inert,
  constants,
  createSecureServer: inert,
  createServer: inert,
  getDefaultSettings: inert,
  getPackedSettings: inert,
  getUnpackedSettings: inert,
  performServerHandshake: inert,
  sensitiveHeaders,
};
