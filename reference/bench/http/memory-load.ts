// Makes as many requests as it is asked to, and keeps its connections open. It answers when all of them are answered.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answer, task } from '../child.js';
import { serverWorkloads } from './server-workloads.js';

export interface MemoryLoadTask {
  port: number;
}

/** So many connections there shall be, and so many requests be made, on those that were opened last first. */
export interface MemoryQuestion {
  connections: number;
  requests: number;
}

const { port } = task<MemoryLoadTask>();
const request = Buffer.from(serverWorkloads.hello!.request, 'latin1');
const sockets: Socket[] = [];

/** Connections that are being opened at the same time. */
const AT_ONCE = 100;

async function open(): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('end', () => {
    throw new Error('The server has ended a connection');
  });
  sockets.push(socket);
}

answer(async ({ connections, requests }: MemoryQuestion) => {
  while (sockets.length < connections) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, connections - sockets.length) }, open));
  }
  let left = requests;
  const asking = sockets.slice(-Math.min(requests, connections)).map(
    (socket) =>
      new Promise<void>((resolve) => {
        const next = (): void => {
          if (left-- > 0) socket.write(request);
          else {
            socket.off('data', next);
            socket.resume();
            resolve();
          }
        };
        // The answer is short enough to come in one piece.
        socket.on('data', next);
        next();
      }),
  );
  await Promise.all(asking);
  return {};
});
