// The server that clients are run against: one route for each thing that a client has to cope with.

import { createServer } from 'node:http';
import { createGzip, gzipSync } from 'node:zlib';
import { pattern } from './support.mjs';

export const LARGE = 3 << 20;

const routes = {
  '/json': (_, response) => json(response, 200, { hello: 'world' }),
  '/echo': async (request, response) => {
    const body = await read(request);
    const { method, headers } = request;
    json(response, 200, { method, headers, length: body.length, text: body.toString('latin1').slice(0, 1000) });
  },
  '/mirror': (request, response) => {
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/octet-stream' });
    request.pipe(response);
  },
  '/large': (_, response) => {
    response.setHeader('Content-Length', LARGE);
    response.end(pattern(LARGE));
  },
  '/stream': async (_, response) => {
    for (let i = 0; i < 10; i++) {
      response.write(`line ${i}\n`);
      await new Promise(setImmediate);
    }
    response.end();
  },
  '/gzip': (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end(gzipSync('{"zipped":true}'));
  },
  '/gzip-stream': (_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' });
    const zip = createGzip();
    zip.pipe(response);
    zip.end(pattern(LARGE));
  },
  '/redirect': (_, response) => redirect(response, 302, '/json'),
  '/redirect-303': (_, response) => redirect(response, 303, '/echo'),
  '/redirect-307': (_, response) => redirect(response, 307, '/echo'),
  '/loop': (_, response) => redirect(response, 302, '/loop'),
  '/not-found': (_, response) => json(response, 404, { error: 'not found' }),
  '/broken': (_, response) => json(response, 500, { error: 'broken' }),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/cookies': (_, response) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2; Path=/']);
    response.end('cookies');
  },
  '/hints': (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    json(response, 200, { hinted: true });
  },
  '/silent': () => {},
  '/stalled': (_, response) => {
    response.write('beginning');
  },
  '/reset': (request) => request.socket.destroy(),
  '/truncated': (_, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('only so much', () => response.destroy());
  },
  '/truncated-chunks': (_, response) => {
    response.write('only so much', () => response.destroy());
  },
  '/refused-upload': (_, response) => {
    response.writeHead(413, { Connection: 'close' });
    response.end('too much');
  },
};

/** Also counts: `x-connection` of a response tells which connection it came on, `x-request` which request it answers. */
export function createOrigin() {
  let connections = 0;
  let flaky = 0;
  const server = createServer(async (request, response) => {
    const { socket } = request;
    response.setHeader('X-Connection', socket.serial);
    response.setHeader('X-Request', ++socket.requests);
    const { pathname } = new URL(request.url, 'http://origin');
    if (pathname === '/flaky') {
      json(response, ++flaky % 3 === 0 ? 200 : 503, { flaky });
      return;
    }
    await (routes[pathname] ?? routes['/not-found'])(request, response);
  });
  server.on('connection', (socket) => {
    socket.serial = ++connections;
    socket.requests = 0;
  });
  return server;
}

function json(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

function redirect(response, status, location) {
  response.writeHead(status, { Location: location });
  response.end();
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
