// http.request() and http.get(). Sections `httprequesturl-options-callback`, `httpgeturl-options-callback`.

import { ClientRequest } from './client-request.js';
import type { RequestOptions, ResponseListener } from './request-options.js';

/** The arguments: (url[, options][, callback]) or (options[, callback]). */
type Options = RequestOptions | ResponseListener | null;

/**
 * Makes a request, which goes out with its `end()`.
 *
 * @param url - or the options
 * @param options - or the callback
 * @param callback - listens to 'response' once
 * @throws what `new ClientRequest()` throws
 */
export function request(
  url: string | URL | RequestOptions,
  options?: Options,
  callback?: ResponseListener,
): ClientRequest {
  return new ClientRequest(url, options, callback);
}

/** Makes a request without a body, GET by default, and ends it. Arguments as for `request()`. */
export function get(url: string | URL | RequestOptions, options?: Options, callback?: ResponseListener): ClientRequest {
  return request(url, options, callback).end();
}
