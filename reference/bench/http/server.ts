// Servers: requests a second that one answers.

import { moduleOf, type Scenario, type Subject } from '../scenario.js';
import { serverWork, workMetrics, workSample } from '../work.js';
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
      await serverWork(server, load, warmUpSeconds);
      return async () => workSample(await serverWork(server, load, seconds));
    },
  };
}

export function serverTask(workload: string, subject: Subject): ServerTask {
  return { workload, module: moduleOf(subject, 'http') };
}
