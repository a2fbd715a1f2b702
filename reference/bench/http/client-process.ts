// The client that is measured. It makes requests for as many seconds as it is asked to, and tells what it has done.

import { answer, cpuSeconds, sleep, task } from '../child.js';
import { type ClientModule, clientWorkloads } from './client-workloads.js';

export interface ClientTask {
  workload: string;
  /** What `import()` takes. */
  module: string;
  port: number;
}

const { workload, module, port } = task<ClientTask>();
const http = (await import(module)) as ClientModule;
const { ask, concurrency } = clientWorkloads[workload]!;
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

/** Makes requests, one after the other, as long as it may; returns how many. */
async function askOn(mayAsk: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    let answers = 0;
    const next = (): void => {
      answers++;
      if (mayAsk()) ask(http, { port, agent }, next);
      else resolve(answers);
    };
    ask(http, { port, agent }, next);
  });
}

answer(async ({ seconds }: { seconds: number }) => {
  const before = { cpu: cpuSeconds(), at: performance.now() };
  let mayAsk = true;
  const asking = Array.from({ length: concurrency }, () => askOn(() => mayAsk));
  await sleep(seconds);
  mayAsk = false;
  const answers = await Promise.all(asking);
  return {
    count: answers.reduce((sum, count) => sum + count),
    seconds: (performance.now() - before.at) / 1000,
    cpuSeconds: cpuSeconds() - before.cpu,
  };
});
