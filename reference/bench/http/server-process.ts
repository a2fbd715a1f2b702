// The server that is measured. It tells its port, and what it is asked: CPU time, or memory.

import { type AddressInfo, createServer, type Server } from 'node:net';
import { answer, cpuSeconds, task, tell } from '../child.js';
import { type Listener, type ServerWorkload, serverWorkloads } from './server-workloads.js';

export interface ServerTask {
  workload: string;
  /** What `import()` takes; none for a server that says the same whatever it is asked. */
  module?: string | undefined;
}

/** Bytes. */
export interface Memory {
  rss: number;
  /** What JavaScript holds: objects and buffers. */
  held: number;
}

interface HttpModule {
  createServer(options: object, listener: Listener): Server;
}

/** Milliseconds: connections are kept while it is another's turn, but each has its timer. */
const keepAliveTimeout = 600_000;

const { workload: name, module } = task<ServerTask>();
const workload = serverWorkloads[name]!;

async function createHttpServer(): Promise<Server> {
  if (module === undefined) {
    return createCannedServer(workload);
  }
  const http = (await import(module)) as HttpModule;
  return http.createServer({ keepAliveTimeout }, workload.listener);
}

/** Knows of requests only how long they are. */
function createCannedServer({ request, canned }: ServerWorkload): Server {
  const one = Buffer.from(canned, 'latin1');
  return createServer({ noDelay: true }, (socket) => {
    let received = 0;
    socket.on('data', (packet) => {
      received += packet.length;
      const answers = Math.floor(received / request.length);
      received -= answers * request.length;
      if (answers > 0) socket.write(answers === 1 ? one : Buffer.concat(Array(answers).fill(one)));
    });
    socket.on('error', () => socket.destroy());
  });
}

/** What is in use when all that could be freed has been. Needs `--expose-gc`. */
function memory(): Memory {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

const server = await createHttpServer();
answer((question: 'cpu' | 'memory') => (question === 'cpu' ? { cpuSeconds: cpuSeconds() } : memory()));
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  tell({ port: (server.address() as AddressInfo).port });
});
