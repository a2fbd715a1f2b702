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

export const Agent = callable(agent.Agent) as AgentClass;
export const OutgoingMessage = callable(outgoing.OutgoingMessage) as OutgoingMessageClass;
export const IncomingMessage = callable(incoming.IncomingMessage);
export const ClientRequest = callable(client.ClientRequest);
export const ServerResponse = callable(response.ServerResponse) as ServerResponseClass;
export const Server = callable(server.Server);

export type Agent = agent.Agent & { readonly requests: Record<string, ClientRequest[]> };
export type OutgoingMessage<Request = IncomingMessage> = outgoing.OutgoingMessage & { readonly req: Request };
export type IncomingMessage = incoming.IncomingMessage;
export type ClientRequest = client.ClientRequest;
export type ServerResponse<Request = IncomingMessage> = response.ServerResponse & { readonly req: Request };
export type Server = server.Server;
export type { AgentOptions } from './agent.js';
export type { InformationEvent } from './client-connection.js';
export type { IncomingHttpHeaders } from './incoming-message.js';
export type { OutgoingHttpHeader, OutgoingHttpHeaders } from './outgoing-message.js';
export type { RequestOptions, RequestOptions as ClientRequestArgs } from './request-options.js';
export type { RequestListener } from './server.js';
export type { ServerOptions } from './server-settings.js';

/** All of a class but its construction. */
type Statics<Class> = Pick<Class, keyof Class>;

interface AgentClass extends Statics<typeof agent.Agent> {
  new (options?: agent.AgentOptions): Agent;
}

interface OutgoingMessageClass extends Statics<typeof outgoing.OutgoingMessage> {
  new <Request = IncomingMessage>(options?: outgoing.OutgoingMessageOptions | null): OutgoingMessage<Request>;
}

interface ServerResponseClass extends Statics<typeof response.ServerResponse> {
  new <Request = response.AnsweredRequest>(
    request: Request & response.AnsweredRequest,
    options?: outgoing.OutgoingMessageOptions,
  ): ServerResponse<Request>;
}

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
export const globalAgent = agent.globalAgent() as Agent;

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
  get globalAgent(): Agent {
    return agent.globalAgent() as Agent;
  },
  set globalAgent(value) {
    agent.setGlobalAgent(value);
  },
};

Object.defineProperties(http, Object.getOwnPropertyDescriptors(webSocket));

export default http as typeof http & typeof webSocket;
