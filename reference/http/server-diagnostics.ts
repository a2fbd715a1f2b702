// What a server publishes by node:diagnostics_channel.

import { channel } from 'node:diagnostics_channel';

/** `{ request, response, socket, server }`: a request has come, and its listener is about to be called. */
export const requestStart = channel('http.server.request.start');

/** `{ request, response }`: a response object has been made. */
export const responseCreated = channel('http.server.response.created');

/** `{ request, response, socket, server }`: a response has been sent. */
export const responseFinish = channel('http.server.response.finish');
