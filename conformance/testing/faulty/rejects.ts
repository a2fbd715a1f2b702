/** node:http that leaves a rejected promise unhandled at each request() or get(). */
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const { request, get, module } = wrapRequests(() => {
  Promise.reject(new Error('rejected and left'));
});

export { get, request };
export default module;
