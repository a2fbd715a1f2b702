// ws: clients that upgrade a request, and servers on the 'upgrade' event; each side also against Node's own.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import WebSocket, { createWebSocketStream, WebSocketServer } from 'ws';
import { assertReference, check, close, exchange, listen, onNode, pattern, report } from './support.mjs';
import { createWebSocketServer } from './websockets.mjs';

/** A client whose messages can be awaited one by one. */
async function open(url, ...options) {
  const socket = new WebSocket(url, ...options);
  const messages = [];
  let wake;
  socket.on('message', (data, isBinary) => {
    messages.push(isBinary ? data : String(data));
    wake?.();
  });
  socket.receive = async () => {
    while (messages.length === 0) await new Promise((resolve) => (wake = resolve));
    return messages.shift();
  };
  await once(socket, 'open');
  return socket;
}

async function checkAgainst(peer, origin) {
  const on = (name, run) => check(`${name}, ${peer}`, run);
  const url = origin.replace('http', 'ws');

  await on('messages both ways', async () => {
    const socket = await open(`${url}/echo`);
    assert.equal(socket.extensions, 'permessage-deflate');
    for (const message of ['text', 'ünïcode', Buffer.from([0, 255]), pattern(1 << 20), 'x'.repeat(1 << 20)]) {
      socket.send(message);
      assert.deepEqual(await socket.receive(), message);
    }
    const many = Array.from({ length: 500 }, (_, i) => `message ${i}`);
    for (const message of many) socket.send(message);
    for (const message of many) assert.equal(await socket.receive(), message);
    socket.ping('are you there');
    assert.equal(String((await once(socket, 'pong'))[0]), 'are you there');
    socket.close(1000, 'done');
    const [code, reason] = await once(socket, 'close');
    assert.deepEqual([code, String(reason)], [1000, 'done']);
  });

  await on('headers, protocols and broadcast', async () => {
    const ann = await open(`${url}/chat`, ['a', 'b'], { headers: { 'X-Name': 'Ann' } });
    assert.equal(ann.protocol, 'b');
    assert.equal(await ann.receive(), 'welcome Ann');
    const bob = await open(`${url}/chat`, ['a'], { headers: { 'X-Name': 'Bob' } });
    assert.equal(await bob.receive(), 'welcome Bob');
    bob.send('hello');
    assert.deepEqual([await ann.receive(), await bob.receive()], ['Bob: hello', 'Bob: hello']);
    bob.close(4000, 'bye');
    assert.equal(await ann.receive(), 'Bob left: 4000 bye');
    ann.terminate();
    const [code] = await once(ann, 'close');
    assert.equal(code, 1006);
  });

  await on('as a stream', async () => {
    const socket = new WebSocket(`${url}/echo`, { perMessageDeflate: false });
    const duplex = createWebSocketStream(socket);
    const bytes = pattern(1 << 20);
    const chunks = Array.from({ length: 16 }, (_, i) => bytes.subarray(i << 16, (i + 1) << 16));
    let length = 0;
    duplex.on('data', (chunk) => {
      length += chunk.length;
      if (length === bytes.length) duplex.end();
    });
    await pipeline(Readable.from(chunks), duplex, { end: false });
    await once(duplex, 'close');
    assert.equal(length, bytes.length);
  });

  await on('handshakes that fail', async () => {
    const refused = new WebSocket(`${url}/nowhere`);
    await assert.rejects(once(refused, 'open'), /Unexpected server response: 401/);
    const seen = new WebSocket(`${url}/nowhere`);
    seen.on('error', () => {});
    const [request, response] = await once(seen, 'unexpected-response');
    assert.equal(response.statusCode, 401);
    assert.equal(String(await buffer(response)), 'no');
    request.destroy();
    await assert.rejects(once(new WebSocket(`${url}/gone`), 'open'), /socket hang up/);
    await assert.rejects(once(new WebSocket(`${url}/silent`, { handshakeTimeout: 50 }), 'open'), /timed out/);
    const given = new WebSocket(`${url}/silent`);
    setTimeout(() => given.terminate(), 50);
    await assert.rejects(once(given, 'open'), /closed before the connection was established/);
  });

  await on('HTTP beside it', async () => {
    assert.equal(await (await fetch(`${origin}/page`)).text(), 'plain /page');
  });
}

const server = createWebSocketServer();
const origin = await listen(server);
const node = await onNode('./websockets.mjs', 'createWebSocketServer');

await check('upgrades run on the reference', async () => {
  const websockets = new WebSocketServer({ noServer: true });
  const own = http.createServer();
  own.on('upgrade', (request, socket, head) => {
    assertReference();
    assert.ok(request instanceof http.IncomingMessage);
    websockets.handleUpgrade(request, socket, head, (client) => client.close());
  });
  const socket = new WebSocket((await listen(own)).replace('http', 'ws'));
  socket.on('upgrade', () => assertReference());
  await once(socket, 'close');
  await close(own);
});
await checkAgainst('reference', origin);
await checkAgainst('Node', node.result);

await check('a server of ws itself, which refuses plain requests', async () => {
  const own = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }, done) => done(req.headers.authorization === 'me', 403),
  });
  await once(own, 'listening');
  const at = `http://127.0.0.1:${own.address().port}`;
  assert.equal((await fetch(at)).status, 426);
  await assert.rejects(open(at.replace('http', 'ws')), /Unexpected server response: 403/);
  const socket = await open(at.replace('http', 'ws'), { headers: { Authorization: 'me' } });
  assert.equal(own.clients.size, 1);
  own.close();
  socket.close();
  await once(own, 'close');
});

await check('frames that come with the request', async () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const upgrade = `GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
  // A masked text frame, "hi", and a masked close frame, both with a mask of zeros.
  const received = await exchange(origin, `${upgrade}\x81\x82\0\0\0\0hi\x88\x80\0\0\0\0`);
  assert.match(
    received,
    /^HTTP\/1\.1 101 Switching Protocols\r\n.*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/s,
  );
  assert.ok(received.endsWith('\r\n\r\n\x81\x02hi\x88\x00'));
});

await close(server);
await node.end();
report();
