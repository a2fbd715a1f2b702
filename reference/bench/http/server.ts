// Servers: requests a second that one answers.

import { moduleOf, type Scenario, type Subject, type Work, workMetrics, workSample } from '../scenario.js';
import type { ServerLoadTask } from './server-load.js';
import type { ServerTask } from './server-process.js';
import { type ServerWorkload, serverWorkloads } from './server-workloads.js';

const PROCESS = new URL('./server-process.js', import.meta.url);
const LOAD = new URL('./server-load.js', import.meta.url);

export const serverScenarios: readonly Scenario[] = Object.entries(serverWorkloads).map(scenarioOf);

function scenarioOf([workload, { unit }]: [string, ServerWorkload]): Scenario {
  return {
    name: `http/server/${workload}`,
    module: 'http',
    metrics: workMetrics(unit),
    hasLimit: true,
    async start(subject, { launch, seconds, warmUpSeconds }) {
      const server = launch('measured', PROCESS, serverTask(workload, subject));
      const { port } = await server.next<{ port: number }>();
      const load = launch('load', LOAD, { workload, port } satisfies ServerLoadTask);
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

export function serverTask(workload: string, subject: Subject): ServerTask {
  return { workload, module: moduleOf(subject, 'http') };
}
