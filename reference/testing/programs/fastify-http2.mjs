// A fastify app with `http2: true`, plain and over TLS, where HTTP/1 is allowed beside it. Its clients are those of Node's own
// modules, and of the reference.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import fastify from 'fastify';
import { assertReference, check, deferred, pattern, report } from './support.mjs';

const node = process.getBuiltinModule('node:http2');
const https = process.getBuiltinModule('node:https');
assert.notEqual(http2.connect, node.connect, 'node:http2 is not the reference');

const fixture = (name) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url));
const tls = { key: fixture('agent.key'), cert: fixture('agent.crt') };
const large = pattern(3 << 20);

function createApp(options) {
  const app = fastify({ http2: true, bodyLimit: 4 << 20, ...options });
  app.aborted = deferred();
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('X-Hooked', 'yes');
    done(null, payload);
  });
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.get('/stack', async () => new Error().stack);
  app.get('/users/:id', async (request) => ({
    ...request.params,
    query: request.query,
    host: request.host,
    version: request.raw.httpVersion,
  }));
  app.post('/echo', async (request, reply) => reply.code(201).send(request.body));
  app.post('/count', async (request) => ({ length: (await buffer(request.body)).length }));
  app.get('/large', async () => large);
  app.get('/stream', (_, reply) => reply.send(Readable.from(Array.from({ length: 100 }, (_, i) => `line ${i}\n`))));
  app.get('/thrown', async () => {
    throw Object.assign(new Error('thrown'), { statusCode: 422 });
  });
  app.get('/torn', (_, reply) => {
    const body = new PassThrough();
    body.write('begun');
    app.tear = () => body.destroy(new Error('torn'));
    return reply.send(body);
  });
  app.get('/endless', (_, reply) => {
    const body = new PassThrough();
    const timer = setInterval(() => body.write('tick'), 5);
    reply.raw.on('close', () => {
      clearInterval(timer);
      app.aborted.resolve();
    });
    return reply.send(body);
  });
  app.get('/cookies', (_, reply) => reply.header('set-cookie', ['a=1', 'b=2']).send('cookies'));
  return app;
}

async function connectTo(client, origin) {
  const session = client.connect(origin, { ca: tls.cert });
  await once(session, 'connect');
  const start = (path, headers = {}) => session.request({ ':path': path, ...headers });
  const ask = async (path, headers, body) => {
    const stream = start(path, headers);
    const received = once(stream, 'response');
    stream.end(body);
    const [head] = await received;
    return { head, status: head[':status'], text: await text(stream) };
  };
  return { session, start, ask };
}

async function checkFrom(where, client, app, origin) {
  const on = (name, run) => check(`${name}, ${where}`, run);
  const { session, start, ask } = await connectTo(client, origin);
  const post = (type) => ({ ':method': 'POST', 'content-type': type });

  await on('routes', async () => {
    const user = await ask('/users/7?q=x');
    const { host } = new URL(origin);
    assert.deepEqual(JSON.parse(user.text), { id: '7', query: { q: 'x' }, host, version: '2.0' });
    assert.equal(user.head['x-hooked'], 'yes');
    assert.equal((await ask('/nowhere')).status, 404);
    assert.equal((await ask('/large', { ':method': 'HEAD' })).head['content-length'], String(large.length));
    assert.deepEqual((await ask('/cookies')).head['set-cookie'], ['a=1', 'b=2']);
  });

  await on('bodies', async () => {
    const echoed = await ask('/echo', post('application/json'), '{"a":1}');
    assert.deepEqual([echoed.status, echoed.text], [201, '{"a":1}']);
    assert.equal((await ask('/echo', post('application/json'), '{')).status, 400);
    const counted = await ask('/count', post('application/octet-stream'), large);
    assert.deepEqual(JSON.parse(counted.text), { length: large.length });
  });

  await on('streams', async () => {
    assert.ok((await buffer(start('/large'))).equals(large));
    assert.equal((await ask('/stream')).text.split('\n').length, 101);
    const paths = Array.from({ length: 100 }, (_, i) => `/users/${i}`);
    const ids = (await Promise.all(paths.map((path) => ask(path)))).map((answer) => JSON.parse(answer.text).id);
    assert.deepEqual(
      ids,
      Array.from({ length: 100 }, (_, i) => String(i)),
    );
  });

  await on('errors', async () => {
    const thrown = await ask('/thrown');
    assert.deepEqual([thrown.status, JSON.parse(thrown.text).message], [422, 'thrown']);
    const torn = start('/torn');
    torn.once('data', () => app.tear());
    assert.equal(await text(torn), 'begun');
  });

  await on('clients that cancel', async () => {
    app.aborted = deferred();
    const endless = start('/endless');
    endless.once('data', () => endless.close(http2.constants.NGHTTP2_CANCEL));
    await app.aborted.promise;
  });

  session.close();
  await once(session, 'close');
}

const app = createApp();
const origin = await app.listen({ port: 0, host: '127.0.0.1' });
await check('handlers run on the reference', async () => {
  const { session, ask } = await connectTo(node, origin);
  assertReference('http2', (await ask('/stack')).text);
  session.close();
});
await checkFrom('client on Node', node, app, origin);
await checkFrom('client on the reference', http2, app, origin);
await check('inject()', async () => {
  const response = await app.inject({ method: 'POST', url: '/echo', payload: { injected: true } });
  assert.deepEqual([response.statusCode, response.json()], [201, { injected: true }]);
});
await app.close();

const secure = createApp({ https: { ...tls, allowHTTP1: true } });
const secureOrigin = await secure.listen({ port: 0, host: '127.0.0.1' });
await checkFrom('TLS, client on Node', node, secure, secureOrigin);
await check('HTTP/1 beside it', async () => {
  const [response] = await once(https.get(`${secureOrigin}/users/7`, { ca: tls.cert, agent: false }), 'response');
  assert.deepEqual([response.statusCode, JSON.parse(await text(response)).version], [200, '1.1']);
});
await secure.close();

report();
