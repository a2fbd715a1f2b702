// The load: connections that write the same requests again and again, for some seconds at a time, and count the bytes
// that come back. It knows of HTTP only how long an answer is, so that it costs little beside the server.

import { connect } from 'node:net';
import { answer, sleep, task } from '../child.js';
import { serverWorkloads } from './server-workloads.js';

export interface ServerLoadTask {
  workload: string;
  port: number;
}

const { workload, port } = task<ServerLoadTask>();
const { connections, depth, request } = serverWorkloads[workload]!;
const packet = Buffer.from(request.repeat(depth), 'latin1');

/** Asks once, and gives the length of the answer in bytes. */
async function answerLength(): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(request, 'latin1');
  let text = '';
  for await (const chunk of socket) {
    text += (chunk as Buffer).toString('latin1');
    if (isComplete(text)) break;
  }
  return text.length;
}

/** Whether an answer, with Content-Length or chunks, has come whole. */
function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  return length ? text.length >= end + 4 + Number(length[1]) : text.endsWith('0\r\n\r\n');
}

const expected = answerLength().then((length) => length * depth);

/** Asks as long as it may; then waits for the answer to what it has asked. */
class Connection {
  answers = 0;
  readonly #socket = connect({ port, host: '127.0.0.1', noDelay: true });
  #mayAsk = false;
  #received = 0;
  #rested: (() => void) | undefined;

  constructor(expected: number) {
    this.#socket.on('data', (chunk) => {
      this.#received += chunk.length;
      if (this.#received < expected) return;
      this.#received -= expected;
      this.answers += depth;
      if (this.#mayAsk) this.#socket.write(packet);
      else this.#rested!();
    });
    this.#socket.on('end', () => {
      throw new Error('The server has ended a connection');
    });
  }

  ask(): void {
    this.#mayAsk = true;
    this.#socket.write(packet);
  }

  rest(): Promise<void> {
    this.#mayAsk = false;
    return new Promise((resolve) => {
      this.#rested = resolve;
    });
  }
}

let all: Connection[] | undefined;

answer(async ({ seconds }: { seconds: number }) => {
  const length = await expected;
  all ??= Array.from({ length: connections }, () => new Connection(length));
  const count = () => all!.reduce((sum, { answers }) => sum + answers, 0);
  const before = { count: count(), at: performance.now() };
  for (const connection of all) connection.ask();
  await sleep(seconds);
  await Promise.all(all.map((connection) => connection.rest()));
  return { count: count() - before.count, seconds: (performance.now() - before.at) / 1000 };
});
