// Servers: requests a second that one answers, or MB that it moves.

import { moduleOf, type Scenario, type Subject } from '../scenario.js';
import { serverWork, workMetrics, workSample } from '../work.js';
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
      await serverWork(server, load, warmUpSeconds);
      return async () => workSample(await serverWork(server, load, seconds));
    },
  };
}

export function serverTask(workload: Workload, subject: Subject): ServerTask {
  return { ...workload, module: moduleOf(subject, 'http2')! };
}
