// Servers: memory that open streams hold.

import type { Program } from '../program.js';
import type { Scenario } from '../scenario.js';
import { serverTask } from './server.js';
import type { ServerLoadQuestion, ServerLoadTask } from './server-load.js';
import type { Memory } from './server-process.js';
import { heldWorkloads, type Workload } from './workloads.js';

const PROCESS = new URL('./server-process.js', import.meta.url);
const LOAD = new URL('./server-load.js', import.meta.url);

export const http2MemoryScenarios: readonly Scenario[] = Object.entries(heldWorkloads).map(scenarioOf);

function scenarioOf([name, workload]: [string, Workload]): Scenario {
  return {
    name: `http2/memory/open-${name}`,
    module: 'http2',
    metrics: {
      held: { unit: 'octets of JavaScript/stream', better: 'lower' },
      rss: { unit: 'octets resident/stream', better: 'lower' },
    },
    once: true,
    async start(subject, { launch, scale }) {
      const server = launch('measured', PROCESS, serverTask(workload, subject), ['--expose-gc']);
      const { port } = await server.next<{ port: number }>();
      const load = launch('load', LOAD, { ...workload, port } satisfies ServerLoadTask);
      const open = Math.ceil(workload.streams * scale);
      const count = open * workload.sessions;
      const more = async (streams: number): Promise<Memory> => {
        await load.ask({ open } satisfies ServerLoadQuestion);
        return holding(server, streams);
      };
      // The first ones make the sessions, and have the code compiled.
      const before = await more(count);
      return async () => {
        const after = await more(2 * count);
        return { held: (after.held - before.held) / count, rss: (after.rss - before.rss) / count };
      };
    },
  };
}

/** The memory once so many streams are held. */
async function holding(server: Program, streams: number): Promise<Memory> {
  for (;;) {
    const memory = await server.ask<Memory>('memory');
    if (memory.streams >= streams) return memory;
  }
}
