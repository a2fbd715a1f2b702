/** node:http whose createServer ends the process. */
import http from 'node:http';

export * from 'node:http';

export function createServer(): never {
  process.exit(0);
}

export default { ...http, createServer };
