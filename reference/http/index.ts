// node:http. One file for each documented class; this one puts them together.

import { validateHeaderName, validateHeaderValue } from '../common/headers.js';
import { validateInteger } from '../common/validate.js';
import * as agent from './agent.js';
import { callable } from './callable.js';
import * as client from './client-request.js';
import { maxHeaderSize } from './command-line.js';
import { METHODS, STATUS_CODES } from './constants.js';
import * as incoming from './incoming-message.js';
import * as outgoing from './outgoing-message.js';
import { get, request } from './request.js';
import * as server from './server.js';
import * as response from './server-response.js';
import { webSocket } from './websocket.js';

export { connectionListener as _connectionListener } from './server.js';
export { get, METHODS, maxHeaderSize, request, STATUS_CODES, validateHeaderName, validateHeaderValue };
export const { WebSocket, CloseEvent, MessageEvent } = webSocket;

export const Agent = callable(agent.Agent);
export const OutgoingMessage = callable(outgoing.OutgoingMessage);
export const IncomingMessage = callable(incoming.IncomingMessage);
export const ClientRequest = callable(client.ClientRequest);
export const ServerResponse = callable(response.ServerResponse);
export const Server = callable(server.Server);

export type Agent = agent.Agent;
export type OutgoingMessage = outgoing.OutgoingMessage;
export type IncomingMessage = incoming.IncomingMessage;
export type ClientRequest = client.ClientRequest;
export type ServerResponse = response.ServerResponse;
export type Server = server.Server;

/** Section `httpcreateserveroptions-requestlistener` */
export function createServer(
  options?: ConstructorParameters<typeof server.Server>[0],
  requestListener?: server.RequestListener,
): server.Server {
  return new server.Server(options, requestListener);
}

/**
 * Accepted, checked, and without effect: parsers live and die with their connections. Section
 * `httpsetmaxidlehttpparsersmax`
 */
export function setMaxIdleHTTPParsers(max: number): void {
  validateInteger(max, 'max', 1);
}

/** Section `httpglobalagent` */
export const globalAgent = agent.globalAgent();

/** What `require('node:http')` gives: an object whose properties programs may replace. */
const http = {
  _connectionListener: server.connectionListener,
  METHODS,
  STATUS_CODES,
  Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  setMaxIdleHTTPParsers,
  get,
  request,
  get maxHeaderSize() {
    return maxHeaderSize;
  },
  get globalAgent() {
    return agent.globalAgent();
  },
  set globalAgent(value) {
    agent.setGlobalAgent(value);
  },
};

Object.defineProperties(http, Object.getOwnPropertyDescriptors(webSocket));

export default http;
