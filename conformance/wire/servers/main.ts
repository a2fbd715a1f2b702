/**
 * The server that the wire suites judge a module by: it answers every request with its method, its target and its body,
 * with a space between. Arguments: `http1` or `http2`, and the module. Prints port and runtime as one line of JSON.
 */
import type { AddressInfo } from 'node:net';
import { runtime } from '../../executor/runtime.js';

/** What both modules have of a request and a response. */
interface Request {
  method?: string;
  url?: string;
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  on(event: 'end', listener: () => void): void;
  on(event: 'error', listener: () => void): void;
}
interface Response {
  setHeader(name: string, value: string): void;
  end(content: Uint8Array): void;
  on(event: 'error', listener: () => void): void;
}
interface Server {
  listen(port: number, host: string, listening: () => void): void;
  address(): AddressInfo;
}
interface Module {
  createServer(...args: unknown[]): Server;
}

function answer(request: Request, response: Response): void {
  const chunks: Uint8Array[] = [Buffer.from(`${request.method} ${request.url} `)];
  request.on('error', () => {});
  response.on('error', () => {});
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'text/plain');
    response.end(Buffer.concat(chunks));
  });
}

const [version, specifier = ''] = process.argv.slice(2);
const module: Module = await import(specifier);
// Some vectors are about streams beyond what is allowed.
const server =
  version === 'http2'
    ? module.createServer({ settings: { maxConcurrentStreams: 100 } }, answer)
    : module.createServer(answer);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port, runtime: runtime() })}\n`);
});
