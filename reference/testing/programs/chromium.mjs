// A browser over TLS against a server on the reference.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { chromium } from 'playwright-core';
import { assertReference, check, deferred, pattern, report } from './support.mjs';

const { PLUMBLINE_CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
if (!existsSync(executablePath)) {
  report('there is no Chromium');
  process.exit();
}

const fixture = (name) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url));
const IMAGES = 30;
const PARALLEL = 100;

const page = `<!doctype html><title>Plumbline</title><link rel="stylesheet" href="/style.css">
<script src="/script.js"></script><script type="module" src="/module.js"></script>
${Array.from({ length: IMAGES }, (_, i) => `<img src="/image/${i}.svg">`).join('')}`;

const files = {
  '/style.css': ['text/css', 'body { color: rgb(1, 2, 3) }'],
  '/script.js': ['text/javascript', `globalThis.padding = '${'x'.repeat(300_000)}'`],
  '/module.js': ['text/javascript', `import './imported.js'`],
  '/imported.js': ['text/javascript', 'globalThis.imported = true'],
};

/** What the page tells the server, and what it has the server wait for. */
const next = deferred();
const received = deferred();
const cancelled = deferred();
const gathered = [];

const routes = {
  '/'(_, response) {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
    response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': ['a=1', 'b=2'] });
    response.end(page);
  },
  '/cookies': (request, response) => response.end(request.headers.cookie),
  '/echo': (request, response) => request.pipe(response),
  async '/streamed'(_, response) {
    response.write('first');
    await next.promise;
    response.end('second');
  },
  '/next'(_, response) {
    next.resolve();
    response.end();
  },
  async '/upload'(request, response) {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk;
      received.resolve();
    }
    response.end(body);
  },
  async '/received'(_, response) {
    await received.promise;
    response.end();
  },
  '/endless'(_, response) {
    response.write('begun');
    response.stream.on('close', () => cancelled.resolve(response.stream.rstCode));
  },
  '/broken'(_, response) {
    response.write('begun', () => response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  },
  // Answered when all of them are there: the browser must have them open at a time.
  '/gather'(_, response) {
    gathered.push(response);
    if (gathered.length === PARALLEL) for (const [i, one] of gathered.entries()) one.end(String(i));
  },
};

function onRequest(request, response) {
  assertReference('http2');
  const path = new URL(request.url, 'https://localhost').pathname;
  if (files[path]) {
    const [type, content] = files[path];
    response.writeHead(200, { 'content-type': type }).end(content);
  } else if (path.startsWith('/image/')) {
    response.setHeader('content-type', 'image/svg+xml');
    response.end('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>');
  } else if (routes[path]) {
    routes[path](request, response);
  } else {
    response.writeHead(404).end();
  }
}

const server = http2.createSecureServer({ key: fixture('agent.key'), cert: fixture('agent.crt') }, onRequest);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--ignore-certificate-errors'],
});
const tab = await browser.newPage({ ignoreHTTPSErrors: true });

await check('a page with its style sheet, scripts and images', async () => {
  await tab.goto(`https://127.0.0.1:${server.address().port}/`, { waitUntil: 'load' });
  const seen = await tab.evaluate(() => ({
    color: getComputedStyle(document.body).color,
    images: [...document.images].filter(({ naturalWidth }) => naturalWidth === 3).length,
    scripts: [globalThis.padding.length, globalThis.imported],
    protocols: performance.getEntriesByType('resource').map((entry) => entry.nextHopProtocol),
  }));
  assert.deepEqual([seen.color, seen.images, seen.scripts], ['rgb(1, 2, 3)', IMAGES, [300_000, true]]);
  assert.ok(seen.protocols.length >= IMAGES + 4);
  assert.deepEqual(new Set(seen.protocols), new Set(['h2']));
});

await check('early hints', async () => {
  const [hintedAt, answeredAt] = await tab.evaluate(() => {
    const [{ firstInterimResponseStart, responseEnd }] = performance.getEntriesByType('navigation');
    return [firstInterimResponseStart, responseEnd];
  });
  assert.ok(hintedAt > 0 && hintedAt <= answeredAt, `hints at ${hintedAt}, all at ${answeredAt}`);
});

await check('cookies', async () => {
  assert.equal(await tab.evaluate(() => fetch('/cookies').then((response) => response.text())), 'a=1; b=2');
});

await check('a request with a body', async () => {
  const bytes = pattern(1 << 20);
  const echoed = await tab.evaluate(async (base64) => {
    const body = await (await fetch(`data:application/octet-stream;base64,${base64}`)).blob();
    const answer = await (await fetch('/echo', { method: 'POST', body })).blob();
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.split(',')[1]);
      reader.readAsDataURL(answer);
    });
  }, bytes.toString('base64'));
  assert.ok(Buffer.from(echoed, 'base64').equals(bytes));
});

await check('a response that is streamed', async () => {
  const parts = await tab.evaluate(async () => {
    const reader = (await fetch('/streamed')).body.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader.read()).value;
    await fetch('/next');
    const second = (await reader.read()).value;
    return [first, second, (await reader.read()).done];
  });
  assert.deepEqual(parts, ['first', 'second', true]);
});

await check('a request that is streamed', async () => {
  const body = await tab.evaluate(async () => {
    const parts = new ReadableStream({
      async start(controller) {
        controller.enqueue('first');
        await fetch('/received');
        controller.enqueue('second');
        controller.close();
      },
    });
    const request = { method: 'POST', body: parts.pipeThrough(new TextEncoderStream()), duplex: 'half' };
    return (await fetch('/upload', request)).text();
  });
  assert.equal(body, 'firstsecond');
});

await check('a hundred streams at a time', async () => {
  const answers = await tab.evaluate(async (parallel) => {
    const texts = Array.from({ length: parallel }, async (_, i) => (await fetch(`/gather?${i}`)).text());
    return Promise.all(texts);
  }, PARALLEL);
  assert.deepEqual(new Set(answers), new Set(Array.from({ length: PARALLEL }, (_, i) => String(i))));
});

await check('requests that are aborted', async () => {
  const name = await tab.evaluate(async () => {
    const abort = new AbortController();
    const reader = (await fetch('/endless', { signal: abort.signal })).body.getReader();
    await reader.read();
    abort.abort();
    return reader.read().catch((error) => error.name);
  });
  assert.deepEqual([name, await cancelled.promise], ['AbortError', http2.constants.NGHTTP2_CANCEL]);
});

await check('responses that break off', async () => {
  const name = await tab.evaluate(async () => {
    const response = await fetch('/broken');
    return response.text().catch((error) => error.name);
  });
  assert.equal(name, 'TypeError');
});

await browser.close();
server.close();
await once(server, 'close');
report();
