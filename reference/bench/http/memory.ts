// Servers: memory that idle connections hold, and whether it grows with requests.

import type { Program } from '../program.js';
import type { Conditions, Scenario, Subject } from '../scenario.js';
import type { MemoryLoadTask } from './memory-load.js';
import { serverTask } from './server.js';
import type { Memory } from './server-process.js';

const PROCESS = new URL('./server-process.js', import.meta.url);
const LOAD = new URL('./memory-load.js', import.meta.url);

const IDLE_CONNECTIONS = 5000;
const BUSY_CONNECTIONS = 64;
const REQUESTS = 1_000_000;

/** KiB that are no growth: tables and code that settle late, pages that are not given back. A leak of 8 octets each is. */
const NO_GROWTH = 8 * 1024;

/** MiB for new objects, rather than as much as the engine likes: what grows then is a leak. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=1';

export const memoryScenarios: readonly Scenario[] = [
  {
    name: 'http/memory/idle-connections',
    module: 'http',
    metrics: { rss: { unit: 'KiB/connection', better: 'lower' } },
    once: true,
    async start(subject, conditions) {
      const { server, load } = await start(subject, conditions);
      const connections = Math.round(IDLE_CONNECTIONS * conditions.scale);
      await load.ask({ connections: BUSY_CONNECTIONS, requests: BUSY_CONNECTIONS * 100 });
      return async () => {
        const before = await server.ask<Memory>('memory');
        await load.ask({ connections: BUSY_CONNECTIONS + connections, requests: connections });
        return growth(before, await server.ask<Memory>('memory'), connections);
      };
    },
  },
  {
    name: 'http/memory/requests',
    module: 'http',
    metrics: {
      held: { unit: 'KiB of JavaScript, growth', better: 'lower', atMost: NO_GROWTH },
      rss: { unit: 'KiB resident, growth', better: 'lower', atMost: NO_GROWTH },
    },
    maxPairs: 1,
    once: true,
    async start(subject, conditions) {
      const { server, load } = await start(subject, conditions, SMALL_YOUNG_GENERATION);
      const requests = Math.round(REQUESTS * conditions.scale);
      await load.ask({ connections: BUSY_CONNECTIONS, requests: requests / 10 });
      return async () => {
        const before = await server.ask<Memory>('memory');
        await load.ask({ connections: BUSY_CONNECTIONS, requests });
        return growth(before, await server.ask<Memory>('memory'), 1);
      };
    },
  },
];

async function start(
  subject: Subject,
  conditions: Conditions,
  ...flags: string[]
): Promise<{ server: Program; load: Program }> {
  const server = conditions.launch('measured', PROCESS, serverTask('hello', subject), ['--expose-gc', ...flags]);
  const { port } = await server.next<{ port: number }>();
  return { server, load: conditions.launch('load', LOAD, { port } satisfies MemoryLoadTask) };
}

/** KiB, for each of so many. */
function growth(before: Memory, after: Memory, count: number): { rss: number; held: number } {
  return { rss: (after.rss - before.rss) / 1024 / count, held: (after.held - before.held) / 1024 / count };
}
