// axios, as the ES module that import gives and as the CommonJS module that require gives, with follow-redirects and
// form-data behind it.

import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import imported from 'axios';
import { createOrigin, LARGE } from './origin.mjs';
import { check, close, listen, onNode, pattern, report } from './support.mjs';

const required = createRequire(import.meta.url)('axios');

async function checkAgainst(peer, axios, baseURL) {
  const client = axios.create({ baseURL, proxy: false });
  const on = (name, run) => check(`${name}, ${peer}`, run);

  await on('requests of the reference', async () => {
    const { request } = await client.get('/json', { maxRedirects: 0 });
    assert.ok(request instanceof http.ClientRequest);
  });

  await on('JSON, forms and parts', async () => {
    assert.deepEqual((await client.get('/json')).data, { hello: 'world' });
    const posted = await client.post('/echo', { a: 1 }, { params: { q: 'x y' }, headers: { 'X-Own': 'yes' } });
    assert.deepEqual([posted.data.text, posted.data.headers['x-own']], ['{"a":1}', 'yes']);
    assert.equal((await client.put('/echo', new URLSearchParams({ b: '2' }))).data.text, 'b=2');
    const { data } = await client.postForm('/echo', { field: 'value', file: Buffer.from('content') });
    assert.match(data.headers['content-type'], /^multipart\/form-data; boundary=/);
    assert.match(data.text, /name="field"\r\n\r\nvalue\r\n.*content\r\n--/s);
  });

  await on('large bodies and streams', async () => {
    const { data, headers } = await client.get('/large', { responseType: 'arraybuffer' });
    assert.ok(data.equals(pattern(LARGE)));
    assert.equal(headers['content-length'], String(LARGE));
    const mirrored = await client.post('/mirror', Readable.from([pattern(LARGE)]), { responseType: 'stream' });
    assert.ok((await buffer(mirrored.data)).equals(pattern(LARGE)));
    const lines = await client.get('/stream', { responseType: 'stream' });
    assert.equal((await text(lines.data)).split('\n').length, 11);
  });

  await on('gzip, cookies and hints', async () => {
    assert.deepEqual((await client.get('/gzip')).data, { zipped: true });
    const cookies = await client.get('/cookies');
    assert.deepEqual(cookies.headers['set-cookie'], ['a=1', 'b=2; Path=/']);
    assert.deepEqual((await client.get('/hints')).data, { hinted: true });
  });

  await on('progress', async () => {
    const seen = [];
    await client.post('/echo', pattern(LARGE), { onUploadProgress: ({ loaded }) => seen.push(loaded) });
    assert.equal(seen.at(-1), LARGE);
  });

  await on('redirects', async () => {
    const { data, request } = await client.get('/redirect');
    assert.deepEqual([data.hello, request.res.responseUrl], ['world', `${baseURL}/json`]);
    assert.equal((await client.post('/redirect-303', 'x')).data.method, 'GET');
    assert.equal((await client.post('/redirect-307', 'again')).data.text, 'again');
    await assert.rejects(client.get('/loop', { maxRedirects: 3 }), { code: 'ERR_FR_TOO_MANY_REDIRECTS' });
    await assert.rejects(client.get('/redirect', { maxRedirects: 0 }), (error) => error.response.status === 302);
  });

  await on('errors', async () => {
    const refused = await client.get('/not-found').catch((error) => error);
    assert.deepEqual([refused.code, refused.response.status], ['ERR_BAD_REQUEST', 404]);
    assert.deepEqual((await client.get('/broken').catch((error) => error.response)).data, { error: 'broken' });
    await assert.rejects(client.get('/reset'), { code: 'ECONNRESET' });
    await assert.rejects(client.get('/truncated'), { name: 'AxiosError' });
    await assert.rejects(client.get('/truncated-chunks'), { name: 'AxiosError' });
    await assert.rejects(client.get('/large', { maxContentLength: 1000 }), { code: 'ERR_BAD_RESPONSE' });
    await assert.rejects(client.get('http://127.0.0.1:1/'), { code: 'ECONNREFUSED' });
  });

  await on('timeouts', async () => {
    for (const maxRedirects of [0, 5]) {
      await assert.rejects(client.get('/silent', { timeout: 50, maxRedirects }), { code: 'ECONNABORTED' });
      await assert.rejects(client.get('/stalled', { timeout: 50, maxRedirects }), { name: 'AxiosError' });
    }
  });

  await on('abort', async () => {
    for (const path of ['/silent', '/stalled']) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await assert.rejects(client.get(path, { signal: abort.signal }), { code: 'ERR_CANCELED' });
    }
  });

  await on('a keep-alive agent', async () => {
    const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const requests = [];
    for (const path of ['/json', '/not-found', '/large', '/empty']) {
      const { headers } = await client.get(path, { httpAgent, validateStatus: () => true });
      requests.push([headers['x-connection'], Number(headers['x-request'])]);
    }
    assert.equal(new Set(requests.map(([connection]) => connection)).size, 1);
    assert.deepEqual(
      requests.map(([, count]) => count),
      [1, 2, 3, 4],
    );
    httpAgent.destroy();
  });
}

const server = createOrigin();
const node = await onNode('./origin.mjs', 'createOrigin');
const origin = await listen(server);

assert.notEqual(imported, required);
await checkAgainst('ES module, reference', imported, origin);
await checkAgainst('CommonJS, reference', required, origin);
await checkAgainst('CommonJS, Node', required, node.result);

await close(server);
await node.end();
report();
