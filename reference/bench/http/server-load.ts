// The load: connections that write the same requests again and again, and count the bytes that come back. It knows of
// HTTP only how long an answer is, so that it costs little beside the server. It tells when it begins to count, and what
// it has counted.

import { connect } from 'node:net';
import { sleep, task, tell } from '../child.js';
import { serverWorkloads } from './server-workloads.js';

export interface ServerLoadTask {
  workload: string;
  port: number;
  seconds: number;
  warmUpSeconds: number;
}

const { workload, port, seconds, warmUpSeconds } = task<ServerLoadTask>();
const { connections, depth, request } = serverWorkloads[workload]!;
const packet = Buffer.from(request.repeat(depth), 'latin1');

/** Asks once, and gives the length of the answer in bytes. */
async function answerLength(): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' });
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
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
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
  socket.on('end', () => {
    throw new Error('The server has ended a connection');
  });
}

for (let i = 0; i < connections; i++) run();
await sleep(warmUpSeconds);
const before = answers;
const began = performance.now();
tell({});
await sleep(seconds);
tell({ count: answers - before, seconds: (performance.now() - began) / 1000 });
