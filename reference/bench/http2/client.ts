// Clients: requests a second that one makes, or MB that it moves.

import { moduleOf, type Scenario } from '../scenario.js';
import { type Work, workMetrics, workSample } from '../work.js';
import type { ClientTask } from './client-process.js';
import { clientWorkloads, type Workload } from './workloads.js';

const PROCESS = new URL('./client-process.js', import.meta.url);
const PEER = new URL('./client-peer.js', import.meta.url);

export const http2ClientScenarios: readonly Scenario[] = Object.entries(clientWorkloads).map(scenarioOf);

function scenarioOf([name, workload]: [string, Workload]): Scenario {
  return {
    name: `http2/client/${name}`,
    module: 'http2',
    metrics: workMetrics(workload.unit),
    async start(subject, { launch, seconds, warmUpSeconds }) {
      const peer = launch('load', PEER, workload);
      const { port } = await peer.next<{ port: number }>();
      const task: ClientTask = { ...workload, module: moduleOf(subject, 'http2')!, port };
      const client = launch('measured', PROCESS, task);
      await client.ask<Work>({ seconds: warmUpSeconds });
      return async () => workSample(await client.ask<Work>({ seconds }));
    },
  };
}
