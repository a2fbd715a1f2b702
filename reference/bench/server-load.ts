// The load: connections that write the same requests again and again, and count the bytes that come back. It runs in a
// process of its own, and knows of HTTP only how long an answer is, so that it costs little beside the server.
//
// Arguments: port, milliseconds, the scenario's name. Prints one line of JSON.

import { connect } from 'node:net';
import { scenarios } from './server-scenarios.js';

const [port, duration, name] = process.argv.slice(2);
const { connections, depth, request } = scenarios[name!]!;
const packet = Buffer.from(request.repeat(depth), 'latin1');

/** Asks once, and gives the length of the answer in bytes. */
async function answerLength(): Promise<number> {
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  socket.write(request, 'latin1');
  let answer = '';
  for await (const chunk of socket) {
    answer += (chunk as Buffer).toString('latin1');
    if (isComplete(answer)) break;
  }
  return answer.length;
}

/** Whether an answer, with Content-Length or chunks, has come whole. */
function isComplete(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end));
  return length ? answer.length >= end + 4 + Number(length[1]) : answer.endsWith('0\r\n\r\n');
}

const expected = (await answerLength()) * depth;
let answers = 0;

function run(): void {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  let received = 0;
  socket.on('connect', () => socket.write(packet));
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (received < expected) return;
    received -= expected;
    answers += depth;
    socket.write(packet);
  });
  socket.on('error', (error) => {
    throw error;
  });
}

for (let i = 0; i < connections; i++) run();
// The first moments are not measured: code is being compiled.
setTimeout(() => {
  const before = answers;
  const began = performance.now();
  setTimeout(() => {
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`${JSON.stringify({ rate: (answers - before) / seconds })}\n`);
    process.exit();
  }, Number(duration));
}, 1000);
