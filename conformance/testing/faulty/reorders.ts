/** node:http whose requests emit 'close' as soon as they have a socket: before 'response', and again after it. */
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const { request, get, module } = wrapRequests(
  () => {},
  (made) => made.once('socket', () => made.emit('close')),
);

export { get, request };
export default module;
