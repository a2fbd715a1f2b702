// Servers: requests a second that one answers, or MB that it moves.

import { moduleOf, type Scenario, type Subject, type Work, workMetrics, workSample } from '../scenario.js';
import type { ServerLoadTask } from './server-load.js';
import type { ServerTask } from './server-process.js';
import { serverWorkloads, type Workload } from './workloads.js';

const PROCESS = new URL('./server-process.js', import.meta.url);
const LOAD = new URL('./server-load.js', import.meta.url);

export const http2ServerScenarios: readonly Scenario[] = Object.entries(serverWorkloads).map(scenarioOf);

function scenarioOf([name, workload]: [string, Workload]): Scenario {
  return {
    name: `http2/server/${name}`,
    module: 'http2',
    metrics: workMetrics(workload.unit),
    async start(subject, { launch, seconds, warmUpSeconds }) {
      const server = launch('measured', PROCESS, serverTask(workload, subject));
      const { port } = await server.next<{ port: number }>();
      const load = launch('load', LOAD, { ...workload, port } satisfies ServerLoadTask);
      const work = async (seconds: number): Promise<Work> => {
        const before = await server.ask<{ cpuSeconds: number }>('cpu');
        const done = await load.ask<Omit<Work, 'cpuSeconds'>>({ seconds });
        const after = await server.ask<{ cpuSeconds: number }>('cpu');
        return { ...done, cpuSeconds: after.cpuSeconds - before.cpuSeconds };
      };
      await work(warmUpSeconds);
      return async () => workSample(await work(seconds));
    },
  };
}

export function serverTask(workload: Workload, subject: Subject): ServerTask {
  return { ...workload, module: moduleOf(subject, 'http2')! };
}
