// got: an ES module that imports node:http, with timers and caches on what it gets.

import assert from 'node:assert/strict';
import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import got from 'got';
import { createOrigin, LARGE } from './origin.mjs';
import { check, close, listen, onNode, pattern, report } from './support.mjs';

async function checkAgainst(peer, origin) {
  const client = got.extend({ prefixUrl: origin, retry: { limit: 0 }, timeout: { request: 5000 } });
  const on = (name, run) => check(`${name}, ${peer}`, run);

  await on('JSON both ways', async () => {
    assert.deepEqual(await client('json').json(), { hello: 'world' });
    const echo = await client.post('echo', { json: { a: 1 } }).json();
    assert.equal(echo.text, '{"a":1}');
    assert.equal(echo.headers['content-type'], 'application/json');
    assert.equal(echo.headers['content-length'], '7');
  });

  await on('forms, search parameters and headers', async () => {
    const echo = await client
      .put('echo', { form: { b: '2 3' }, searchParams: { q: 'x' }, headers: { 'X-Own': 'yes' } })
      .json();
    assert.equal(echo.method, 'PUT');
    assert.equal(echo.text, 'b=2+3');
    assert.equal(echo.headers['x-own'], 'yes');
  });

  await on('streams down and up', async () => {
    const down = await buffer(client.stream('large'));
    assert.ok(down.equals(pattern(LARGE)));
    const mirror = client.stream.post('mirror');
    const [up] = await Promise.all([buffer(mirror), pipeline(Readable.from([pattern(LARGE)]), mirror)]);
    assert.ok(up.equals(pattern(LARGE)));
  });

  await on('gzip', async () => {
    assert.deepEqual(await client('gzip').json(), { zipped: true });
    assert.ok((await client('gzip-stream').buffer()).equals(pattern(LARGE)));
  });

  await on('progress and timings', async () => {
    const request = client('large', { responseType: 'buffer' });
    let last;
    request.on('downloadProgress', (progress) => {
      last = progress;
    });
    const { timings } = await request;
    assert.deepEqual(last, { percent: 1, transferred: LARGE, total: LARGE });
    assert.ok(timings.phases.firstByte >= 0 && timings.phases.download >= 0 && timings.end >= timings.start);
  });

  await on('redirects', async () => {
    const response = await client('redirect');
    assert.deepEqual(response.redirectUrls.map(String), [`${origin}/json`]);
    const seeOther = await client.post('redirect-303', { body: 'x' }).json();
    assert.equal(seeOther.method, 'GET');
    const same = await client.post('redirect-307', { body: 'again' }).json();
    assert.deepEqual([same.method, same.text], ['POST', 'again']);
    await assert.rejects(client('loop'), { name: 'MaxRedirectsError' });
  });

  await on('errors of status', async () => {
    await assert.rejects(client('not-found'), (error) => error.response.statusCode === 404);
    assert.equal((await client('broken', { throwHttpErrors: false })).statusCode, 500);
    assert.equal((await client('empty')).body, '');
  });

  await on('errors of connections', async () => {
    await assert.rejects(client('reset'), { name: 'RequestError', code: 'ECONNRESET' });
    await assert.rejects(client('truncated'), { name: 'ReadError', code: 'ECONNRESET' });
    await assert.rejects(client('truncated-chunks'), { name: 'ReadError', code: 'ECONNRESET' });
    await assert.rejects(got('http://127.0.0.1:1/', { retry: { limit: 0 } }), { code: 'ECONNREFUSED' });
  });

  await on('timeouts', async () => {
    const event = (name) => (error) => error.name === 'TimeoutError' && error.event === name;
    await assert.rejects(client('silent', { timeout: { response: 50 } }), event('response'));
    await assert.rejects(client('silent', { timeout: { socket: 50 } }), event('socket'));
    await assert.rejects(client('stalled', { timeout: { read: 50 } }), event('read'));
    await assert.rejects(client('stalled', { timeout: { request: 50 } }), event('request'));
  });

  await on('abort', async () => {
    for (const path of ['silent', 'stalled']) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await assert.rejects(client(path, { signal: abort.signal }), { name: 'AbortError' });
    }
    const promise = client('silent');
    promise.cancel();
    await assert.rejects(promise, { name: 'CancelError' });
    const stream = client.stream('stalled');
    for await (const chunk of stream) {
      assert.equal(String(chunk), 'beginning');
      break;
    }
  });

  await on('retries', async () => {
    const response = await client('flaky', {
      retry: { limit: 5, calculateDelay: ({ computedValue }) => computedValue && 1 },
    });
    assert.deepEqual([response.statusCode, response.retryCount], [200, 2]);
  });

  await on('a keep-alive agent', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    const used = await Promise.all(
      Array.from({ length: 10 }, () => client('json', { agent: { http: agent } }).then(({ headers }) => headers)),
    );
    assert.equal(new Set(used.map((headers) => headers['x-connection'])).size, 2);
    agent.destroy();
  });
}

const server = createOrigin();
const node = await onNode('./origin.mjs', 'createOrigin');
const origin = await listen(server);

await check('requests are of the reference', async () => {
  const stream = got.stream(`${origin}/json`);
  stream.on('request', (request) => assert.ok(request instanceof http.ClientRequest));
  await buffer(stream);
});
await checkAgainst('reference', origin);
await checkAgainst('Node', node.result);

await close(server);
await node.end();
report();
