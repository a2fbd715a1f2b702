// curl against servers on the reference: HTTP/2 with prior knowledge, by ALPN, and HTTP/1.1 where it is allowed.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { assertReference, check, pattern, report } from './support.mjs';

function versionOfCurl() {
  try {
    return execFileSync('curl', ['--version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

const version = versionOfCurl();
if (!/\bHTTP2\b/.test(version)) {
  report(version === '' ? 'there is no curl' : 'curl does not speak HTTP/2');
  process.exit();
}

const fixture = (name) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url));
const tls = { key: fixture('agent.key'), cert: fixture('agent.crt') };
const large = pattern(3 << 20);
const body = new URL('../../../package-lock.json', import.meta.url);

const connections = new WeakMap();
let connection = 0;

async function onRequest(request, response) {
  assertReference(request.httpVersion === '2.0' ? 'http2' : 'http');
  const session = request.stream?.session ?? request.socket;
  if (!connections.has(session)) connections.set(session, ++connection);
  response.setHeader('X-Connection', connections.get(session));
  if (request.url === '/large') {
    response.end(large);
  } else if (request.url === '/hints') {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('hinted');
  } else if (request.url === '/reset') {
    response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  } else if (request.url === '/trailers') {
    response.addTrailers({ 'x-trailer': 'behind' });
    response.end('with trailers');
  } else {
    const { method, httpVersion, url } = request;
    response.setHeader('Content-Type', 'application/json');
    const json = JSON.stringify({ method, httpVersion, url, length: (await buffer(request)).length });
    response.end(json);
  }
}

const run = promisify(execFile);
const curl = async (...args) => {
  const { stdout } = await run('curl', ['--silent', '--show-error', '--max-time', '8', ...args], {
    encoding: 'latin1',
    maxBuffer: 1 << 24,
  });
  return stdout;
};

async function checkWith(where, server, url, args, httpVersion) {
  const on = (name, exchange) => check(`${name}, ${where}`, exchange);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = url.replace('PORT', server.address().port);
  const get = (path, ...more) => curl(...args, ...more, `${origin}${path}`);

  await on('requests', async () => {
    assert.deepEqual(JSON.parse(await get('/a?b=c')), { method: 'GET', httpVersion, url: '/a?b=c', length: 0 });
    const head = await get('/a', '--head');
    assert.match(head, new RegExp(`^HTTP/${httpVersion.replace('2.0', '2')} 200`));
    assert.match(head, /content-type: application\/json\r\n/i);
  });

  await on('bodies', async () => {
    assert.equal(await get('/large'), large.toString('latin1'));
    const { length } = readFileSync(body);
    assert.equal(JSON.parse(await get('/put', '--upload-file', body.pathname)).length, length);
    assert.equal(JSON.parse(await get('/post', '--data', 'a=1')).length, 3);
    const expecting = await get('/expect', '--data', 'a=1', '--header', 'Expect: 100-continue');
    assert.equal(JSON.parse(expecting).length, 3);
  });

  // With prior knowledge curl 7.88 fails at its second request, whatever the server.
  if (!args.includes('--http2-prior-knowledge')) {
    await on('many requests on one connection', async () => {
      const urls = Array.from({ length: 20 }, (_, i) => `${origin}/${i}`);
      const used = (await curl(...args, '--head', ...urls)).match(/x-connection: \d+/gi);
      assert.deepEqual([used.length, new Set(used).size], [20, 1]);
      const inParallel = await curl(...args, '--parallel', ...urls);
      assert.equal(inParallel.match(/"method":"GET"/g).length, 20);
    });
  }

  await on('hints and trailers', async () => {
    assert.match(await get('/hints', '--include'), /^HTTP\/\S+ 103.*rel=preload\r\n.*HTTP\/\S+ 200.*hinted$/s);
    assert.match(await get('/trailers', '--include', '--raw'), /with trailers/);
  });

  if (httpVersion === '2.0') {
    await on('streams that are reset', async () => {
      // Exit code 92: stream error in HTTP/2 framing layer.
      await assert.rejects(get('/reset'), { code: 92 });
    });
  }

  server.close();
  await once(server, 'close');
}

const secure = () => http2.createSecureServer({ ...tls, allowHTTP1: true }, onRequest);
const plain = () => http2.createServer(onRequest);
await checkWith('prior knowledge', plain(), 'http://127.0.0.1:PORT', ['--http2-prior-knowledge'], '2.0');
await checkWith('TLS', secure(), 'https://127.0.0.1:PORT', ['--http2', '--insecure'], '2.0');
await checkWith('HTTP/1.1', secure(), 'https://127.0.0.1:PORT', ['--http1.1', '--insecure'], '1.1');
report();
