// A fastify app, an ES module on a CommonJS framework. Its clients are fetch(), bare sockets and fastify's own inject().

import assert from 'node:assert/strict';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import fastify from 'fastify';
import { assertReference, check, deferred, exchange, pattern, report } from './support.mjs';

const large = pattern(3 << 20);

function createApp(options) {
  const app = fastify({ bodyLimit: 4 << 20, ...options });
  const aborted = deferred();
  app.aborted = aborted.promise;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('X-Hooked', 'yes');
    done();
  });
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.get('/stack', async () => new Error().stack);
  app.get(
    '/users/:id',
    { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } },
    async (request) => ({
      ...request.params,
      query: request.query,
      ip: request.ip,
      host: request.host,
    }),
  );
  app.post('/echo', async (request, reply) => reply.code(201).send(request.body));
  app.post('/count', async (request) => {
    let length = 0;
    for await (const chunk of request.body) length += chunk.length;
    return { length };
  });
  app.get('/large', async () => large);
  app.get('/stream', (_, reply) => reply.send(Readable.from(Array.from({ length: 100 }, (_, i) => `line ${i}\n`))));
  app.get('/endless', (_, reply) => {
    const body = new PassThrough();
    const timer = setInterval(() => body.write('tick'), 5);
    reply.raw.on('close', () => {
      clearInterval(timer);
      aborted.resolve();
    });
    return reply.send(body);
  });
  app.get('/thrown', async () => {
    throw Object.assign(new Error('thrown'), { statusCode: 422 });
  });
  app.get('/torn', (_, reply) => {
    const body = new PassThrough();
    body.write('begun');
    setTimeout(() => body.destroy(new Error('torn')), 50);
    return reply.send(body);
  });
  app.get('/hijacked', (_, reply) => {
    reply.hijack();
    reply.raw.end('raw');
  });
  app.get('/trailers', (_, reply) => {
    reply.trailer('x-sum', (_reply, payload, done) => done(null, String(payload.length)));
    return reply.send('with trailers');
  });
  return app;
}

const app = createApp();
const origin = await app.listen({ port: 0, host: '127.0.0.1' });
const get = (path, options) => fetch(origin + path, options);
const post = (path, body, type) =>
  get(path, { method: 'POST', body, headers: { 'Content-Type': type }, duplex: 'half' });

await check('handlers run on the reference', async () => {
  assertReference('http', await (await get('/stack')).text());
  assert.ok(app.server instanceof http.Server);
});

await check('routes', async () => {
  const response = await get('/users/7?q=x');
  const { host } = new URL(origin);
  assert.deepEqual(await response.json(), { id: 7, query: { q: 'x' }, ip: '127.0.0.1', host });
  assert.equal(response.headers.get('x-hooked'), 'yes');
  assert.equal((await get('/users/x')).status, 400);
  assert.equal((await get('/nowhere')).status, 404);
  assert.equal((await get('/large', { method: 'HEAD' })).headers.get('content-length'), String(large.length));
});

await check('bodies', async () => {
  const echoed = await post('/echo', '{"a":1}', 'application/json');
  assert.deepEqual([echoed.status, await echoed.json()], [201, { a: 1 }]);
  assert.equal((await post('/echo', '{', 'application/json')).status, 400);
  assert.equal((await post('/echo', 'x'.repeat(5 << 20), 'text/plain')).status, 413);
  assert.equal((await post('/echo', '<a/>', 'text/xml')).status, 415);
  const text = 'x'.repeat(3 << 20);
  assert.equal(await (await post('/echo', text, 'text/plain')).text(), text);
  const counted = await post('/count', Readable.from([large, large]), 'application/octet-stream');
  assert.deepEqual(await counted.json(), { length: 2 * large.length });
});

await check('streams', async () => {
  assert.ok(Buffer.from(await (await get('/large')).arrayBuffer()).equals(large));
  assert.equal((await (await get('/stream')).text()).split('\n').length, 101);
  assert.equal(await (await get('/hijacked')).text(), 'raw');
  const abort = new AbortController();
  const endless = await get('/endless', { signal: abort.signal });
  await endless.body.getReader().read();
  abort.abort();
  await app.aborted;
});

await check('trailers', async () => {
  const received = await exchange(
    origin,
    'GET /trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n',
  );
  assert.match(received, /\r\ntrailer: x-sum\r\n.*\r\n0\r\nx-sum: 13\r\n\r\n$/is);
});

await check('errors', async () => {
  const thrown = await get('/thrown');
  assert.deepEqual([thrown.status, (await thrown.json()).message], [422, 'thrown']);
  await assert.rejects(async () => (await get('/torn')).text());
  const malformed = await exchange(origin, 'GET / HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n');
  assert.match(malformed, /^HTTP\/1\.1 400 Bad Request\r\n.*"message":"Client Error"/s);
});

await check('inject()', async () => {
  const response = await app.inject({ method: 'POST', url: '/echo', payload: { injected: true } });
  assert.deepEqual([response.statusCode, response.json()], [201, { injected: true }]);
  assert.equal((await app.inject('/stream')).body.split('\n').length, 101);
  assert.equal((await app.inject('/trailers')).trailers['x-sum'], '13');
});

await check('connections that are kept, and their end', async () => {
  const one = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const received = await exchange(origin, one('/users/1') + one('/stream') + one('/users/2', 'Connection: close\r\n'));
  assert.deepEqual(received.match(/"id":\d|line 99/g), ['"id":1', 'line 99', '"id":2']);
  await app.close();
  await assert.rejects(get('/users/1'));
});

await check('options that fastify hands on', async () => {
  const own = createApp({ maxRequestsPerSocket: 2, keepAliveTimeout: 2000, forceCloseConnections: true });
  const at = await own.listen({ port: 0, host: '127.0.0.1' });
  const one = 'GET /users/1 HTTP/1.1\r\nHost: a\r\n';
  const received = await exchange(at, `${one}\r\n${one}\r\n${one}Connection: close\r\n\r\n`);
  assert.match(received, /\r\nKeep-Alive: timeout=2, max=2\r\n.*HTTP\/1.1 503 Service Unavailable\r\n/s);
  const endless = await fetch(`${at}/endless`);
  await Promise.all([own.close(), assert.rejects(endless.text()), own.aborted]);
});

report();
