// What the programs share. A program runs its checks in turn, prints their names as JSON, and ends by itself: whatever
// keeps it alive then is a leak.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const checks = [];

Error.stackTraceLimit = 100;

/** Runs one check, which has twenty seconds. */
export async function check(name, run) {
  assert.notEqual(http.Server, process.getBuiltinModule('http').Server, 'node:http is not the reference');
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('has not ended')), 20_000);
  });
  try {
    await Promise.race([run(), late]);
  } catch (cause) {
    throw new Error(`${name}: ${cause?.message ?? cause}`, { cause });
  } finally {
    clearTimeout(timer);
  }
  checks.push(name);
}

/** Prints what has been checked. @param skipped - why nothing could be */
export function report(skipped) {
  console.log(JSON.stringify({ checks, skipped }));
}

/** Asserts that the calls which lead here come from the reference. @param module - `http` or `http2` */
export function assertReference(module = 'http', stack = new Error().stack) {
  assert.match(stack, new RegExp(`/reference/${module}/`), 'it is not the reference that runs');
}

/** Listens on a free port. Returns the origin of the server. */
export async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

/** Closes a server. Kept connections do not hold it. */
export async function close(server) {
  server.close();
  await once(server, 'close');
}

/**
 * Runs a function in another process, on Node's own modules.
 *
 * @param module - a file of this folder that exports the function
 * @returns what the function gives (of a server, its origin), and what ends the process
 */
export async function onNode(module, name, ...args) {
  const program = fileURLToPath(new URL('./run.mjs', import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [program, module, name, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const end = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  };
  for await (const line of createInterface(child.stdout)) return { result: JSON.parse(line), end };
  throw new Error(`${module} has failed`);
}

/** Sends bytes on a connection of its own and returns, as latin1, all that comes until the other side ends it. */
export async function exchange(origin, bytes) {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1');
  socket.write(bytes, 'latin1');
  let received = '';
  for await (const chunk of socket) received += chunk;
  return received;
}

/** Makes a promise and the functions that settle it. */
export function deferred() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

/** Bytes that tell if one is lost or doubled. */
export function pattern(length) {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 255;
  return bytes;
}
