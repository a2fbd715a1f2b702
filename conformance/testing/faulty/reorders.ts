/** node:http whose requests emit 'close' before 'response', where Node emits it last. */
import type { ClientRequest } from 'node:http';
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

function closeFirst(request: ClientRequest): void {
  const { emit } = request;
  request.emit = function (this: ClientRequest, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'response') Reflect.apply(emit, this, ['close']);
    return event === 'close' ? true : Reflect.apply(emit, this, [event, ...args]);
  };
}

const { request, get, module } = wrapRequests(() => {}, closeFirst);

export { get, request };
export default module;
