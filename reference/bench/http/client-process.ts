// The client that is measured. It tells what it has done.

import { cpuSeconds, sleep, task, tell } from '../child.js';
import { type ClientModule, clientWorkloads } from './client-workloads.js';

export interface ClientTask {
  workload: string;
  /** What `import()` takes. */
  module: string;
  port: number;
  seconds: number;
  warmUpSeconds: number;
}

const { workload, module, port, seconds, warmUpSeconds } = task<ClientTask>();
const http = (await import(module)) as ClientModule;
const { ask, concurrency } = clientWorkloads[workload]!;
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
let answers = 0;

function next(): void {
  answers++;
  ask(http, { port, agent }, next);
}

for (let i = 0; i < concurrency; i++) ask(http, { port, agent }, next);
await sleep(warmUpSeconds);
const before = { answers, cpu: cpuSeconds(), at: performance.now() };
await sleep(seconds);
tell({
  count: answers - before.answers,
  seconds: (performance.now() - before.at) / 1000,
  cpuSeconds: cpuSeconds() - before.cpu,
});
