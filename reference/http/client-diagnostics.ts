// What a client publishes by node:diagnostics_channel.

import { channel } from 'node:diagnostics_channel';

/** `{ request }`: a request has been made, and not been sent. */
export const requestCreated = channel('http.client.request.created');

/** `{ request }`: a request has ended, and all of it goes out. */
export const requestStart = channel('http.client.request.start');

/** `{ request, error }`: a request has failed. */
export const requestError = channel('http.client.request.error');

/** `{ request, response }`: the head of a response has come. */
export const responseFinish = channel('http.client.response.finish');
