// An express app, CommonJS. Its clients are fetch(), which does not go through node:http, and bare sockets.

const assert = require('node:assert/strict');
const { mkdtemp, rm, writeFile } = require('node:fs/promises');
const http = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const express = require('express');

async function main() {
  const { assertReference, check, close, deferred, exchange, listen, pattern, report } = await import('./support.mjs');
  const large = pattern(3 << 20);
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-express-'));
  await writeFile(join(folder, 'large.bin'), large);

  const app = express();
  const gone = deferred();
  app.get('/stack', (_, response) => response.send(new Error().stack));
  app.use(express.json(), express.urlencoded({ extended: false }), express.text(), express.static(folder));
  app.get('/users/:id', (request, response) => response.json({ ...request.params, ...request.query, ip: request.ip }));
  app.post('/echo', (request, response) => response.status(201).send(request.body));
  app.get('/headers', (request, response) => {
    response.append('X-Many', 'a').append('X-Many', 'b').cookie('c', '1').type('text').vary('Accept');
    response.send(request.get('x-own'));
  });
  app.get('/stream', async (_, response) => {
    const lines = Readable.from(Array.from({ length: 100 }, (_, i) => `line ${i}\n`));
    await pipeline(lines, response);
  });
  app.get('/endless', (_, response) => {
    const timer = setInterval(() => response.write('tick'), 5);
    response.on('close', () => {
      clearInterval(timer);
      gone.resolve(response.writableFinished);
    });
  });
  app.post('/count', (request, response, next) => {
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
    });
    request.on('end', () => response.json({ length }));
    request.on('error', next);
  });
  app.get('/download', (_, response) => response.download(join(folder, 'large.bin'), 'saved.bin'));
  app.get('/thrown', () => {
    throw new Error('thrown');
  });
  app.get('/rejected', async () => {
    throw Object.assign(new Error('rejected'), { status: 418 });
  });
  app.get('/late', (_, response, next) => {
    response.write('begun');
    next(new Error('too late'));
  });
  const router = express.Router();
  router.use((request, _, next) => next(request.get('authorization') ? undefined : 'route'));
  router.get('/inner', (request, response) => response.json({ baseUrl: request.baseUrl, url: request.url }));
  app.use('/outer', router);
  app.use((error, _, response, next) => {
    if (response.headersSent) next(error);
    else response.status(error.status ?? 500).json({ error: error.message });
  });
  app.set('env', 'test');

  const server = http.createServer(app);
  const origin = await listen(server);
  const get = (path, options) => fetch(origin + path, options);
  const post = (path, body, type) =>
    get(path, { method: 'POST', body, headers: { 'Content-Type': type }, duplex: 'half' });

  await check('handlers run on the reference', async () => assertReference('http', await (await get('/stack')).text()));

  await check('routes', async () => {
    assert.deepEqual(await (await get('/users/7?q=x')).json(), { id: '7', q: 'x', ip: '127.0.0.1' });
    assert.equal((await get('/nowhere')).status, 404);
    assert.equal((await get('/users/7', { method: 'DELETE' })).status, 404);
    const inner = await get('/outer/inner', { headers: { Authorization: 'me' } });
    assert.deepEqual(await inner.json(), { baseUrl: '/outer', url: '/inner' });
    assert.equal((await get('/users/7', { method: 'OPTIONS' })).headers.get('allow'), 'GET, HEAD');
  });

  await check('bodies', async () => {
    const echoed = await post('/echo', '{"a":[1,2]}', 'application/json');
    assert.deepEqual([echoed.status, await echoed.json()], [201, { a: [1, 2] }]);
    assert.deepEqual(await (await post('/echo', 'b=2', 'application/x-www-form-urlencoded')).json(), { b: '2' });
    assert.equal(await (await post('/echo', 'plain', 'text/plain')).text(), 'plain');
    assert.equal((await post('/echo', '{"a":', 'application/json')).status, 400);
    assert.equal((await post('/echo', `"${'x'.repeat(200_000)}"`, 'application/json')).status, 413);
    assert.deepEqual(await (await post('/count', large, 'a/b')).json(), { length: large.length });
    assert.deepEqual(await (await post('/count', Readable.from([large]), 'a/b')).json(), { length: large.length });
  });

  await check('headers', async () => {
    const { headers } = await get('/headers', { headers: { 'X-Own': 'mine' } });
    assert.deepEqual([headers.get('x-many'), headers.get('vary')], ['a, b', 'Accept']);
    assert.deepEqual([headers.get('set-cookie'), headers.get('content-length')], ['c=1; Path=/', '4']);
  });

  await check('streams', async () => {
    const lines = await (await get('/stream')).text();
    assert.equal(lines.split('\n').length, 101);
    const abort = new AbortController();
    const endless = await get('/endless', { signal: abort.signal });
    await endless.body.getReader().read();
    abort.abort();
    assert.equal(await gone.promise, false);
  });

  await check('files', async () => {
    const file = await get('/large.bin');
    assert.ok(Buffer.from(await file.arrayBuffer()).equals(large));
    const range = await get('/large.bin', { headers: { Range: 'bytes=10-19' } });
    assert.deepEqual([range.status, Buffer.from(await range.arrayBuffer())], [206, large.subarray(10, 20)]);
    const etag = file.headers.get('etag');
    const notModified = await get('/large.bin', { headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' } });
    assert.deepEqual([notModified.status, await notModified.text()], [304, '']);
    const head = await get('/large.bin', { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(large.length));
    const download = await get('/download');
    assert.equal(download.headers.get('content-disposition'), 'attachment; filename=saved.bin');
    assert.ok(Buffer.from(await download.arrayBuffer()).equals(large));
  });

  await check('errors', async () => {
    const thrown = await get('/thrown');
    assert.deepEqual([thrown.status, await thrown.json()], [500, { error: 'thrown' }]);
    assert.equal((await get('/rejected')).status, 418);
    await assert.rejects(async () => (await get('/late')).text());
  });

  await check('pipelined requests on one connection', async () => {
    const one = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    const received = await exchange(
      origin,
      one('/users/1') + one('/stream') + one('/users/2') + one('/users/3', 'Connection: close\r\n'),
    );
    assert.deepEqual(received.match(/"id":"\d"|line 99/g), ['"id":"1"', 'line 99', '"id":"2"', '"id":"3"']);
    assert.equal(received.match(/Connection: keep-alive/gi).length, 3);
  });

  await check('many at a time', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => String(i));
    const answers = await Promise.all(ids.map(async (id) => (await (await get(`/users/${id}`)).json()).id));
    assert.deepEqual(answers, ids);
  });

  await check('malformed requests', async () => {
    assert.match(await exchange(origin, 'NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(await exchange(origin, 'GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  await check('app.listen() and close()', async () => {
    const listening = app.listen(0, '127.0.0.1');
    assert.ok(listening instanceof http.Server);
    await new Promise((resolve) => listening.on('listening', resolve));
    await (await fetch(`http://127.0.0.1:${listening.address().port}/users/1`)).text();
    await close(listening);
    await close(server);
  });

  await rm(folder, { recursive: true });
  report();
}

main();
