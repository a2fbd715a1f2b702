/** node:http with every export present and every function inert: no vector may pass against it. */
import { emitterMethods, inert, inertClass, outgoingMethods, readableMethods } from './inert.js';

const SERVER = [
  'listen',
  'close',
  'closeAllConnections',
  'closeIdleConnections',
  'address',
  'setTimeout',
  'ref',
  'unref',
];
const CLIENT = ['abort', 'setNoDelay', 'setSocketKeepAlive', 'onSocket', 'getRawHeaderNames'];
const RESPONSE = ['writeHead', 'writeContinue', 'writeEarlyHints', 'writeProcessing', 'assignSocket', 'detachSocket'];

export const OutgoingMessage = inertClass('OutgoingMessage', outgoingMethods('appendHeader', 'setHeaders'));
export const ClientRequest = inertClass('ClientRequest', CLIENT, OutgoingMessage);
export const ServerResponse = inertClass('ServerResponse', RESPONSE, OutgoingMessage);
export const IncomingMessage = inertClass('IncomingMessage', readableMethods());
export const Server = inertClass('Server', emitterMethods(...SERVER));
export const Agent = inertClass(
  'Agent',
  emitterMethods('createConnection', 'keepSocketAlive', 'reuseSocket', 'destroy', 'getName', 'addRequest'),
);
export const WebSocket = inertClass('WebSocket', ['send', 'close', 'addEventListener', 'removeEventListener']);
export const CloseEvent = inertClass('CloseEvent', []);
export const MessageEvent = inertClass('MessageEvent', []);

export const METHODS: string[] = [];
export const STATUS_CODES: { [code: string]: string } = {};
export const globalAgent = new Agent();
export const maxHeaderSize = 0;

export {
  inert as _connectionListener,
  inert as createServer,
  inert as get,
  inert as request,
  inert as setMaxIdleHTTPParsers,
  inert as validateHeaderName,
  inert as validateHeaderValue,
};

export default {
  _connectionListener: inert,
  Agent,
  ClientRequest,
  CloseEvent,
  IncomingMessage,
  METHODS,
  MessageEvent,
  OutgoingMessage,
  STATUS_CODES,
  Server,
  ServerResponse,
  WebSocket,
  createServer: inert,
  get: inert,
  globalAgent,
  maxHeaderSize,
  request: inert,
  setMaxIdleHTTPParsers: inert,
  validateHeaderName: inert,
  validateHeaderValue: inert,
};
