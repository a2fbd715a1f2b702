import http from 'node:http';

type Call = (...args: unknown[]) => http.ClientRequest;

/** node:http with some members replaced. */
export interface Wrapped {
  request: Call;
  get: Call;
  module: object;
}

/**
 * Wraps `request` and `get` of node:http.
 * @param before done ahead of each call
 * @param after given what the call returned
 */
export function wrapRequests(before: () => void, after: (request: http.ClientRequest) => void = () => {}): Wrapped {
  const wrap = (original: Call): Call => {
    return (...args) => {
      before();
      const made = original(...args);
      after(made);
      return made;
    };
  };
  const request = wrap(http.request as Call);
  const get = wrap(http.get as Call);
  return { request, get, module: { ...http, request, get } };
}
