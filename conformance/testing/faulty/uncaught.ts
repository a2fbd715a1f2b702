/** node:http that throws where nobody can catch it, a tick after request() or get(). */
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const { request, get, module } = wrapRequests(() => {
  process.nextTick(() => {
    throw new Error('thrown a tick late');
  });
});

export { get, request };
export default module;
