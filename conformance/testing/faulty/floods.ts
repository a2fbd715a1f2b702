/** node:http that writes to stdout without end from the first request() or get() on. */
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const CHUNK = 'x'.repeat(1 << 20);

const { request, get, module } = wrapRequests(() => {
  setInterval(() => process.stdout.write(CHUNK), 1);
});

export { get, request };
export default module;
