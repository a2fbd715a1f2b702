// @grpc/grpc-js, client and server, with one another and with those on Node's own node:http2.

import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { callGreeter, closeGreeter, endless, serveGreeter } from './greeter.mjs';
import { check, onNode, report } from './support.mjs';

assert.notEqual(http2.connect, process.getBuiltinModule('http2').connect, 'node:http2 is not the reference');

const address = await serveGreeter();
const node = await onNode('./greeter.mjs', 'serveGreeter');

const checkOn = (where) => (name, run) => check(`${name}, ${where}`, run);

await callGreeter(address, checkOn('both on the reference'));
await check('cancelled calls are cancelled on the server', async () => {
  // Two were answered before they were cancelled; a deadline may pass before the call is sent.
  while (endless.begun < 2 || endless.cancelled < endless.begun) await new Promise(setImmediate);
});
await callGreeter(node.result, checkOn('client on the reference'));
await check('server on the reference', async () => {
  const client = await onNode('./greeter.mjs', 'callGreeter', address);
  assert.ok(client.result.includes('cancellation'));
  await client.end();
});

await closeGreeter();
await node.end();
report();
