// Clients: requests a second that one makes over an Agent that keeps connections alive.

import { moduleOf, type Scenario } from '../scenario.js';
import { type Work, workMetrics, workSample } from '../work.js';
import type { ClientPeerTask } from './client-peer.js';
import type { ClientTask } from './client-process.js';
import { type ClientWorkload, clientWorkloads } from './client-workloads.js';

const PROCESS = new URL('./client-process.js', import.meta.url);
const PEER = new URL('./client-peer.js', import.meta.url);

export const clientScenarios: readonly Scenario[] = Object.entries(clientWorkloads).map(scenarioOf);

function scenarioOf([workload, { unit }]: [string, ClientWorkload]): Scenario {
  return {
    name: `http/client/${workload}`,
    module: 'http',
    metrics: workMetrics(unit),
    async start(subject, { launch, seconds, warmUpSeconds }) {
      const peer = launch('load', PEER, { workload } satisfies ClientPeerTask);
      const { port } = await peer.next<{ port: number }>();
      const task: ClientTask = { workload, module: moduleOf(subject, 'http')!, port };
      const client = launch('measured', PROCESS, task);
      await client.ask<Work>({ seconds: warmUpSeconds });
      return async () => workSample(await client.ask<Work>({ seconds }));
    },
  };
}
