// node:http2 itself: sessions and streams of the reference with one another and with Node's own, plain and over TLS.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import reference from 'node:http2';
import { buffer, text } from 'node:stream/consumers';
import { assertReference, check, deferred, pattern, report } from './support.mjs';

const node = process.getBuiltinModule('node:http2');
assert.notEqual(reference.connect, node.connect, 'node:http2 is not the reference');

const fixture = (name) => new URL(`../../../vectors/fixtures/${name}`, import.meta.url);
const tls = { key: readFileSync(fixture('agent.key')), cert: readFileSync(fixture('agent.crt')) };
const large = pattern(3 << 20);
const { constants } = reference;

/** What a stream is answered with, by its path. */
const routes = {
  '/headers': (stream, headers) => {
    stream.respond({ ':status': 201, 'set-cookie': ['a=1', 'b=2'], 'x-long': 'x'.repeat(20_000) });
    stream.end(JSON.stringify(headers));
  },
  '/mirror': (stream) => {
    stream.respond();
    stream.pipe(stream);
  },
  '/file': (stream) => stream.respondWithFile(fixture('hello.txt'), { 'content-type': 'text/plain' }),
  '/trailers': (stream) => {
    stream.on('trailers', (trailers) => {
      stream.respond({}, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-back': trailers['x-there'] }));
      stream.end('with trailers');
    });
    stream.resume();
  },
  '/hints': (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
    stream.respond({}, { endStream: true });
  },
  '/push': (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      assert.ifError(error);
      pushed.respond();
      pushed.end('pushed');
      stream.respond();
      stream.end('pushing');
    });
  },
  '/refused': (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  '/broken': (stream) => {
    stream.respond();
    stream.write('begun', () => stream.destroy(new Error('broken')));
  },
  '/endless': (stream) => {
    stream.respond();
    const timer = setInterval(() => stream.write('tick'), 5);
    stream.on('close', () => {
      clearInterval(timer);
      seen.aborted?.resolve(stream.rstCode);
    });
  },
};

/** What the server has seen. */
const seen = {};

function onStream(stream, headers) {
  // Of streams that are reset: what the client makes of it is checked.
  stream.on('error', () => {});
  if (headers[':method'] === 'CONNECT') {
    stream.respond();
    stream.pipe(stream);
    return;
  }
  routes[headers[':path']]?.(stream, headers);
}

async function onRequest(request, response) {
  response.setHeader('X-Method', request.method);
  response.writeHead(request.url === '/compat' ? 200 : 404, { 'Content-Type': 'text/plain' });
  response.addTrailers({ 'x-last': 'yes' });
  response.end((await text(request)).toUpperCase());
}

function get(session, path, headers = {}, options) {
  const stream = session.request({ ':path': path, ...headers }, options);
  const head = once(stream, 'response').then(([received]) => received);
  head.catch(() => {});
  return { stream, head };
}

/** Everything that the two sides do with each other, by what it is about. */
const exchanges = {
  async 'headers, long ones too'(session) {
    const { stream, head } = get(session, '/headers', {
      cookie: ['c=1', 'd=2'],
      'x-many': ['1', '2'],
      authorization: 'me',
    });
    const answer = await head;
    assert.deepEqual([answer[':status'], answer['set-cookie'], answer['x-long'].length], [201, ['a=1', 'b=2'], 20_000]);
    const asked = JSON.parse(await text(stream));
    assert.deepEqual([asked.cookie, asked['x-many'], asked.authorization], ['c=1; d=2', '1, 2', 'me']);
  },
  async 'large bodies both ways'(session) {
    const { stream } = get(session, '/mirror', { ':method': 'POST' });
    stream.end(large);
    assert.ok((await buffer(stream)).equals(large));
  },
  async 'a hundred streams at a time'(session) {
    const bodies = Array.from({ length: 100 }, (_, i) => String(i).repeat(1000));
    const answers = bodies.map((body) => {
      const { stream } = get(session, '/mirror', { ':method': 'POST' });
      stream.end(body);
      return text(stream);
    });
    assert.deepEqual(await Promise.all(answers), bodies);
  },
  async 'readers that pause'(session) {
    const { stream, head } = get(session, '/mirror', { ':method': 'POST' });
    stream.end(large);
    await head;
    await new Promise((resolve) => setTimeout(resolve, 20));
    let length = 0;
    for await (const chunk of stream) {
      if (length % 10 === 0) await new Promise(setImmediate);
      length += chunk.length;
    }
    assert.equal(length, large.length);
  },
  async files(session) {
    const { stream, head } = get(session, '/file');
    assert.equal((await head)['content-type'], 'text/plain');
    assert.deepEqual(await buffer(stream), readFileSync(fixture('hello.txt')));
  },
  async 'trailers both ways'(session) {
    const { stream } = get(session, '/trailers', { ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-there': 'and back' }));
    const trailers = once(stream, 'trailers');
    stream.end('body');
    assert.equal(await text(stream), 'with trailers');
    assert.equal((await trailers)[0]['x-back'], 'and back');
  },
  async hints(session) {
    const { stream, head } = get(session, '/hints');
    const [informational] = await once(stream, 'headers');
    assert.deepEqual([informational[':status'], informational.link], [103, '</style.css>; rel=preload']);
    assert.equal((await head)[':status'], 200);
  },
  async pushes(session) {
    const { stream } = get(session, '/push');
    const [pushed, headers] = await once(session, 'stream');
    assert.equal(headers[':path'], '/pushed');
    assert.deepEqual(await Promise.all([text(pushed), text(stream)]), ['pushed', 'pushing']);
  },
  async 'streams that are reset'(session) {
    const refused = get(session, '/refused').stream;
    await assert.rejects(once(refused, 'end'), { code: 'ERR_HTTP2_STREAM_ERROR' });
    assert.equal(refused.rstCode, constants.NGHTTP2_REFUSED_STREAM);
    const broken = get(session, '/broken').stream;
    await assert.rejects(text(broken), { code: 'ERR_HTTP2_STREAM_ERROR' });
    assert.equal(broken.rstCode, constants.NGHTTP2_INTERNAL_ERROR);
    seen.aborted = deferred();
    const endless = get(session, '/endless').stream;
    endless.once('data', () => endless.close(constants.NGHTTP2_CANCEL));
    assert.equal(await seen.aborted.promise, constants.NGHTTP2_CANCEL);
    const abort = new AbortController();
    const signalled = get(session, '/endless', {}, { signal: abort.signal }).stream;
    signalled.once('data', () => abort.abort());
    await assert.rejects(once(signalled, 'close'), { name: 'AbortError' });
  },
  async 'CONNECT, plain and extended'(session) {
    const tunnel = session.request({ ':method': 'CONNECT', ':authority': 'a.example:80' });
    tunnel.end('through the tunnel');
    assert.equal(await text(tunnel), 'through the tunnel');
    const head = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' };
    const extended = session.request(head);
    extended.end('frames');
    assert.equal(await text(extended), 'frames');
  },
  async 'settings and pings'(session, serverSession) {
    assert.equal(session.remoteSettings.enableConnectProtocol, true);
    const changed = once(serverSession, 'remoteSettings');
    await new Promise((resolve) => session.settings({ initialWindowSize: 1 << 20 }, resolve));
    assert.equal((await changed)[0].initialWindowSize, 1 << 20);
    session.setLocalWindowSize(1 << 20);
    const payload = Buffer.from('12345678');
    const [duration, returned] = await new Promise((resolve, reject) => {
      session.ping(payload, (error, ...answer) => (error ? reject(error) : resolve(answer)));
    });
    assert.ok(duration >= 0 && returned.equals(payload));
    const { stream } = get(session, '/mirror', { ':method': 'POST' });
    stream.end(large);
    assert.ok((await buffer(stream)).equals(large));
  },
  async 'the end of a session'(session, serverSession) {
    const { stream, head } = get(session, '/mirror', { ':method': 'POST' });
    await head;
    const goaway = once(session, 'goaway');
    serverSession.goaway(constants.NGHTTP2_NO_ERROR, stream.id, Buffer.from('bye'));
    const [code, last, data] = await goaway;
    assert.deepEqual([code, last, String(data)], [0, stream.id, 'bye']);
    stream.end('still there');
    assert.equal(await text(stream), 'still there');
    serverSession.close();
    session.close();
    await Promise.all(
      [serverSession, session].map((one) => (one.closed && one.destroyed ? undefined : once(one, 'close'))),
    );
  },
};

async function start(client, server, listener, secure) {
  const settings = { enableConnectProtocol: true };
  const listening = secure ? server.createSecureServer({ ...tls, settings }) : server.createServer({ settings });
  listening.on(listener === onStream ? 'stream' : 'request', listener);
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const began = once(listening, 'session');
  const scheme = secure ? 'https' : 'http';
  const session = client.connect(`${scheme}://127.0.0.1:${listening.address().port}`, { ca: tls.cert });
  const [[serverSession]] = await Promise.all([began, once(session, 'remoteSettings')]);
  return { session, serverSession, server: listening };
}

async function close({ session, server }) {
  session.close();
  server.close();
  await once(server, 'close');
}

async function checkBetween(where, client, server, secure) {
  const both = await start(client, server, onStream, secure);
  const { session, serverSession } = both;
  assert.deepEqual([session.alpnProtocol, session.encrypted], secure ? ['h2', true] : ['h2c', false]);
  for (const [name, run] of Object.entries(exchanges)) {
    await check(`${name}, ${where}`, () => run(session, serverSession));
  }
  await close(both);

  await check(`requests and responses, ${where}`, async () => {
    const compatible = await start(client, server, onRequest, secure);
    const { stream, head } = get(compatible.session, '/compat', { ':method': 'PUT' });
    const trailers = once(stream, 'trailers');
    stream.end('body');
    const answer = await head;
    assert.deepEqual([answer[':status'], answer['x-method']], [200, 'PUT']);
    assert.equal(await text(stream), 'BODY');
    assert.equal((await trailers)[0]['x-last'], 'yes');
    const missing = get(compatible.session, '/missing');
    assert.equal((await missing.head)[':status'], 404);
    missing.stream.resume();
    await close(compatible);
  });
}

await check('handlers run on the reference', async () => {
  const server = reference.createServer((_, response) => response.end(new Error().stack));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = node.connect(`http://127.0.0.1:${server.address().port}`);
  assertReference('http2', await text(get(session, '/').stream));
  session.close();
  server.close();
});
await checkBetween('both on the reference', reference, reference, false);
await checkBetween('server on Node', reference, node, false);
await checkBetween('client on Node', node, reference, false);
await checkBetween('both on the reference, TLS', reference, reference, true);
await checkBetween('server on Node, TLS', reference, node, true);
await checkBetween('client on Node, TLS', node, reference, true);
report();
