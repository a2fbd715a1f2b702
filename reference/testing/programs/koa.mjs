// A koa app, an ES module. Its clients are fetch() and bare sockets.

import assert from 'node:assert/strict';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import { assertReference, check, close, deferred, exchange, listen, pattern, report } from './support.mjs';

const large = pattern(3 << 20);
const app = new Koa();
const errors = [];
const aborted = deferred();
const torn = new PassThrough();

app.on('error', (error) => errors.push(error.message));
app.use(async (context, next) => {
  const { method } = context;
  await next();
  context.set('X-Method', method);
});
const routes = {
  '/stack': (context) => {
    context.body = new Error().stack;
  },
  '/json': (context) => {
    context.body = { query: context.query, ip: context.ip, protocol: context.protocol, host: context.host };
  },
  '/text': (context) => {
    context.body = 'text';
  },
  '/large': (context) => {
    context.body = large;
  },
  '/stream': (context) => {
    context.body = Readable.from(Array.from({ length: 100 }, (_, i) => `line ${i}\n`));
  },
  '/web-stream': (context) => {
    context.body = new Blob(['from a blob']).stream();
  },
  '/upper': async (context) => {
    context.body = (await text(context.req)).toUpperCase();
  },
  '/count': async (context) => {
    let length = 0;
    for await (const chunk of context.req) length += chunk.length;
    context.body = { length, declared: context.request.length ?? null };
  },
  '/empty': (context) => {
    context.status = 204;
  },
  '/cookies': (context) => {
    context.cookies.set('a', '1').set('b', '2');
    context.body = context.cookies.get('own') ?? '';
  },
  '/redirect': (context) => context.redirect('/text'),
  '/thrown': (context) => context.throw(402, 'pay'),
  '/broken': () => {
    throw new Error('broken');
  },
  '/broken-stream': (context) => {
    torn.write('begun');
    context.body = torn;
    setTimeout(() => torn.destroy(new Error('torn')), 50);
  },
  '/endless': (context) => {
    const body = new PassThrough();
    const timer = setInterval(() => body.write('tick'), 5);
    body.on('close', () => {
      clearInterval(timer);
      aborted.resolve();
    });
    context.body = body;
  },
  '/own': (context) => {
    context.respond = false;
    context.res.writeHead(200, { 'X-Own': 'yes' });
    context.res.end('own');
  },
};
app.use((context) => routes[context.path]?.(context));

const server = http.createServer(app.callback());
const origin = await listen(server);
const get = (path, options) => fetch(origin + path, options);
const post = (path, body) => get(path, { method: 'POST', body, duplex: 'half' });

await check('middleware runs on the reference', async () =>
  assertReference('http', await (await get('/stack')).text()),
);

await check('bodies of all kinds', async () => {
  const { host } = new URL(origin);
  const json = { query: { q: 'x' }, ip: '127.0.0.1', protocol: 'http', host };
  assert.deepEqual(await (await get('/json?q=x')).json(), json);
  const plain = await get('/text');
  assert.deepEqual([await plain.text(), plain.headers.get('x-method')], ['text', 'GET']);
  assert.ok(Buffer.from(await (await get('/large')).arrayBuffer()).equals(large));
  assert.equal((await (await get('/stream')).text()).split('\n').length, 101);
  assert.equal(await (await get('/web-stream')).text(), 'from a blob');
  assert.equal((await get('/empty')).status, 204);
  assert.equal((await get('/nowhere')).status, 404);
  const head = await get('/large', { method: 'HEAD' });
  assert.deepEqual([head.headers.get('content-length'), await head.text()], [String(large.length), '']);
});

await check('uploads', async () => {
  assert.equal(await (await post('/upper', 'abc')).text(), 'ABC');
  assert.deepEqual(await (await post('/count', large)).json(), { length: large.length, declared: large.length });
  const streamed = await post('/count', Readable.from([large, 'more']));
  assert.deepEqual(await streamed.json(), { length: large.length + 4, declared: null });
});

await check('cookies and redirects', async () => {
  const cookies = await get('/cookies', { headers: { Cookie: 'own=mine' } });
  assert.deepEqual(cookies.headers.getSetCookie(), ['a=1; path=/; httponly', 'b=2; path=/; httponly']);
  assert.equal(await cookies.text(), 'mine');
  assert.equal(await (await get('/redirect')).text(), 'text');
});

await check('errors', async () => {
  const thrown = await get('/thrown');
  assert.deepEqual([thrown.status, await thrown.text()], [402, 'pay']);
  assert.deepEqual([(await get('/broken')).status, errors.pop()], [500, 'broken']);
  await assert.rejects(async () => (await get('/broken-stream')).text());
  assert.equal(errors.pop(), 'torn');
});

await check('clients that go away', async () => {
  const abort = new AbortController();
  const endless = await get('/endless', { signal: abort.signal });
  await endless.body.getReader().read();
  abort.abort();
  await aborted.promise;
});

await check('responses past koa', async () => {
  const own = await get('/own');
  assert.deepEqual([own.headers.get('x-own'), await own.text()], ['yes', 'own']);
});

await check('connections kept and closed', async () => {
  const one = (path, version) => `GET ${path} HTTP/${version}\r\nHost: a\r\n\r\n`;
  const received = await exchange(origin, one('/text', '1.1') + one('/stream', '1.1') + one('/text', '1.0'));
  assert.equal(received.match(/HTTP\/1\.1 200 OK/g).length, 3);
  assert.match(await exchange(origin, one('/stream', '1.0')), /\r\nConnection: close\r\n\r\nline 0\nline 1\n/);
});

await close(server);
report();
