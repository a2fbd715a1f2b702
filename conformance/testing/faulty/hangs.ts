/** node:http whose request() and get() never return. */
import http from 'node:http';

export * from 'node:http';

export function request(): never {
  for (;;);
}

export { request as get };

export default { ...http, request, get: request };
