// The server that is measured. It tells its port, and what it is asked: CPU time, or memory.

import type { AddressInfo, Server } from 'node:net';
import type { Http2ServerRequest } from '../../http2/compat-request.js';
import type { Http2ServerResponse } from '../../http2/compat-response.js';
import type { ServerHttp2Stream } from '../../http2/server-stream.js';
import { answer, cpuSeconds, task, tell } from '../child.js';
import { serverIdentity } from './tls.js';
import type { Workload } from './workloads.js';

export interface ServerTask extends Workload {
  /** What `import()` takes. */
  module: string;
}

/** Octets, and how many streams are held. */
export interface Memory {
  rss: number;
  /** What JavaScript holds: objects and buffers. */
  held: number;
  streams: number;
}

interface Http2Module {
  createServer(options: object): Server;
  createSecureServer(options: object): Server;
}

type OnStream = (stream: ServerHttp2Stream) => void;
type OnRequest = (req: Http2ServerRequest, res: Http2ServerResponse) => void;

const { module, program, tls, download = 0 } = task<ServerTask>();
const http2 = (await import(module)) as Http2Module;

const CHUNK = Buffer.alloc(65_536, 'x');
const held = new Set<object>();

/** What streams and responses have in common. */
interface Sink {
  write(chunk: Buffer): boolean;
  end(chunk: Buffer): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

function writeAll(sink: Sink): void {
  let left = Math.ceil(download / CHUNK.length);
  const write = (): void => {
    while (left > 0)
      if (--left === 0) sink.end(CHUNK);
      else if (!sink.write(CHUNK)) return;
  };
  sink.on('drain', write);
  write();
}

const STREAM: { readonly [program: string]: OnStream } = {
  hello(stream) {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end('hello world');
  },
  upload(stream) {
    stream.on('data', () => {});
    stream.on('end', () => {
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
  },
  download(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' });
    writeAll(stream);
  },
  hold(stream) {
    held.add(stream);
  },
};

/** Through the compatibility API. */
const COMPAT: { readonly [program: string]: OnRequest } = {
  compat(_req, res) {
    res.setHeader('content-type', 'text/plain');
    res.end('hello world');
  },
  'compat-headers'(req, res) {
    res.writeHead(req.headers['x-header-1'] === undefined ? 400 : 200, {
      'Content-Type': 'text/plain',
      'Content-Length': 11,
      'Cache-Control': 'no-cache',
      'X-Powered-By': 'plumbline',
    });
    res.end('hello world');
  },
  'compat-upload'(req, res) {
    req.on('data', () => {});
    req.on('end', () => res.end('ok'));
  },
  'compat-download'(_req, res) {
    res.setHeader('content-type', 'application/octet-stream');
    writeAll(res);
  },
  'compat-hold'(_req, res) {
    held.add(res);
  },
};

/** What is in use when all that could be freed has been. Needs `--expose-gc`. */
function memory(): Memory {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external, streams: held.size };
}

const server = tls ? http2.createSecureServer(serverIdentity()) : http2.createServer({});
if (program in COMPAT) server.on('request', COMPAT[program]!);
else server.on('stream', STREAM[program]!);
answer((question: 'cpu' | 'memory') => (question === 'cpu' ? { cpuSeconds: cpuSeconds() } : memory()));
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
