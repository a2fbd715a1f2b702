// node-fetch: fetch() on node:http.

import assert from 'node:assert/strict';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import fetch, { Blob, FormData, Headers, Request } from 'node-fetch';
import { createOrigin, LARGE } from './origin.mjs';
import { check, close, listen, onNode, pattern, report } from './support.mjs';

async function checkAgainst(peer, origin) {
  const on = (name, run) => check(`${name}, ${peer}`, run);
  const get = (path, options) => fetch(origin + path, options);

  await on('bodies of all kinds', async () => {
    assert.deepEqual(await (await get('/json')).json(), { hello: 'world' });
    const echo = async (body) => (await get('/echo', { method: 'POST', body })).json();
    assert.equal((await echo('text')).text, 'text');
    assert.equal((await echo(new URLSearchParams({ a: '1 2' }))).text, 'a=1+2');
    assert.equal((await echo(new Blob(['blob'], { type: 'a/b' }))).headers['content-type'], 'a/b');
    const form = new FormData();
    form.set('field', 'value');
    assert.match((await echo(form)).text, /name="field"\r\n\r\nvalue\r\n/);
    const streamed = await echo(Readable.from(['in ', 'chunks']));
    assert.deepEqual([streamed.text, streamed.headers['transfer-encoding']], ['in chunks', 'chunked']);
  });

  await on('headers', async () => {
    const headers = new Headers({ 'X-Own': 'a' });
    headers.append('X-Own', 'b');
    const echo = await (await fetch(new Request(`${origin}/echo`, { headers }))).json();
    assert.equal(echo.headers['x-own'], 'a, b');
    assert.deepEqual((await get('/cookies')).headers.raw()['set-cookie'], ['a=1', 'b=2; Path=/']);
    const head = await get('/large', { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(LARGE));
    assert.equal(await head.text(), '');
  });

  await on('streams, both ways at a time', async () => {
    assert.ok(Buffer.from(await (await get('/large')).arrayBuffer()).equals(pattern(LARGE)));
    const up = new PassThrough();
    up.write('first');
    const response = await get('/mirror', { method: 'POST', body: up });
    const chunks = response.body[Symbol.asyncIterator]();
    assert.equal(String((await chunks.next()).value), 'first');
    up.end('second');
    assert.equal(String((await chunks.next()).value), 'second');
    assert.equal((await chunks.next()).done, true);
  });

  await on('gzip', async () => {
    assert.deepEqual(await (await get('/gzip')).json(), { zipped: true });
    assert.ok(Buffer.from(await (await get('/gzip-stream')).arrayBuffer()).equals(pattern(LARGE)));
  });

  await on('redirects', async () => {
    const followed = await get('/redirect');
    assert.deepEqual([followed.redirected, followed.url], [true, `${origin}/json`]);
    assert.equal((await get('/redirect', { redirect: 'manual' })).headers.get('location'), '/json');
    await assert.rejects(get('/redirect', { redirect: 'error' }), { type: 'no-redirect' });
    await assert.rejects(get('/loop'), { type: 'max-redirect' });
    const again = await get('/redirect-307', { method: 'POST', body: 'again' });
    assert.equal((await again.json()).text, 'again');
  });

  await on('errors', async () => {
    assert.equal((await get('/broken')).status, 500);
    await assert.rejects(get('/reset'), { type: 'system', code: 'ECONNRESET' });
    await assert.rejects(async () => (await get('/truncated')).text(), { message: /aborted|Premature close/ });
    await assert.rejects(async () => (await get('/truncated-chunks')).text(), { message: /aborted|Premature close/ });
    await assert.rejects(
      get('/large', { size: 10 }).then((response) => response.text()),
      { type: 'max-size' },
    );
    await assert.rejects(fetch('http://127.0.0.1:1/'), { type: 'system', code: 'ECONNREFUSED' });
  });

  await on('abort', async () => {
    const afterAWhile = () => AbortSignal.timeout(50);
    await assert.rejects(get('/silent', { signal: afterAWhile() }), { name: 'AbortError' });
    const stalled = get('/stalled', { signal: afterAWhile() });
    await assert.rejects(async () => (await stalled).text(), { name: 'AbortError' });
    const upload = get('/echo', { method: 'POST', body: new PassThrough(), signal: afterAWhile() });
    await assert.rejects(upload, { name: 'AbortError' });
  });

  await on('a keep-alive agent', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const connections = new Set();
    for (const path of ['/json', '/gzip', '/stream', '/empty', '/large']) {
      const response = await get(path, { agent });
      connections.add(response.headers.get('x-connection'));
      await response.arrayBuffer();
    }
    assert.equal(connections.size, 1);
    assert.equal(Object.values(agent.freeSockets).flat().length, 1);
    agent.destroy();
  });
}

const server = createOrigin();
const node = await onNode('./origin.mjs', 'createOrigin');
const origin = await listen(server);

await check('requests are of the reference', async () => {
  class Watched extends http.Agent {
    addRequest(request, options) {
      assert.ok(request instanceof http.ClientRequest);
      super.addRequest(request, options);
    }
  }
  await fetch(`${origin}/json`, { agent: new Watched() });
});
await checkAgainst('reference', origin);
await checkAgainst('Node', node.result);

await close(server);
await node.end();
report();
