// The server of a benchmark. node http2-server.js MODULE SCENARIO -> prints its port; answers messages with the
// processor time it has used

import type { Http2ServerRequest } from '../http2/compat-request.js';
import type { Http2ServerResponse } from '../http2/compat-response.js';
import type { ServerHttp2Stream } from '../http2/server-stream.js';

interface Module {
  createServer(options: object): {
    on(event: 'stream', listener: (stream: ServerHttp2Stream, headers: { [name: string]: string }) => void): void;
    on(event: 'request', listener: (req: Http2ServerRequest, res: Http2ServerResponse) => void): void;
    listen(port: number, host: string, listening: () => void): void;
    address(): { port: number };
  };
}

const [module, scenario] = process.argv.slice(2) as [string, string];
const http2 = (await import(module)) as Module;

const CHUNK = Buffer.alloc(65_536, 'x');
/** 10 MiB in all. */
const CHUNKS = 160;

const SCENARIOS: { readonly [name: string]: (stream: ServerHttp2Stream) => void } = {
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
    let left = CHUNKS;
    const write = (): void => {
      while (left > 0)
        if (--left === 0) stream.end(CHUNK);
        else if (!stream.write(CHUNK)) return;
    };
    stream.on('drain', write);
    write();
  },
};

/** Through the compatibility API. */
const COMPAT: { readonly [name: string]: (req: Http2ServerRequest, res: Http2ServerResponse) => void } = {
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
};

const server = http2.createServer({});
if (scenario in COMPAT) server.on('request', COMPAT[scenario]!);
else server.on('stream', SCENARIOS[scenario]!);
process.on('message', () => process.send!(process.cpuUsage()));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
