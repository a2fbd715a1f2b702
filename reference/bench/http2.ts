// Requests per second of servers: the reference against Node's own, by turns (A B A B).
//
// node http2.js [SCENARIO …] [--rounds N] [--seconds N] -> a table

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Scenario {
  server: string;
  sessions: number;
  streams: number;
  /** Octets of each request's content. */
  body: number;
  headers: number;
}

const SCENARIOS: { readonly [name: string]: Scenario } = {
  'hello 8x32': { server: 'hello', sessions: 8, streams: 32, body: 0, headers: 0 },
  'hello 1x100': { server: 'hello', sessions: 1, streams: 100, body: 0, headers: 0 },
  'headers 8x32': { server: 'hello', sessions: 8, streams: 32, body: 0, headers: 20 },
  'post 16k 16x2': { server: 'upload', sessions: 16, streams: 2, body: 16_384, headers: 0 },
  'compat 8x32': { server: 'compat', sessions: 8, streams: 32, body: 0, headers: 0 },
  'compat 1x100': { server: 'compat', sessions: 1, streams: 100, body: 0, headers: 0 },
  'compat headers': { server: 'compat-headers', sessions: 8, streams: 32, body: 0, headers: 20 },
  'compat post 16k': { server: 'compat-upload', sessions: 16, streams: 2, body: 16_384, headers: 0 },
  'download 1': { server: 'download', sessions: 1, streams: 1, body: 0, headers: 0 },
  'download 16': { server: 'download', sessions: 1, streams: 16, body: 0, headers: 0 },
};

const MODULES = ['node:http2', fileURLToPath(new URL('../http2/index.js', import.meta.url))];

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += chunk;
    if (text.includes('\n')) return text;
  }
  throw new Error('ended without a word');
}

interface Measured {
  /** Requests, or megabytes where those are what matters. */
  perSecond: number;
  /** Of the server's processor time. Steadier than the former when other things run on the machine. */
  perCpuSecond: number;
}

async function cpuSeconds(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const [{ user, system }] = (await once(server, 'message')) as [NodeJS.CpuUsage];
  return (user + system) / 1e6;
}

async function measure(module: string, scenario: Scenario, seconds: number): Promise<Measured> {
  const server = spawn(process.execPath, [file('./http2-server.js'), module, scenario.server], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const port = (await firstLine(server)).trim();
    const { sessions, streams, body, headers } = scenario;
    const numbers = [port, sessions, streams, seconds, body, headers].map(String);
    const load = spawn(process.execPath, [file('./http2-load.js'), ...numbers], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const before = await cpuSeconds(server);
    const seen = JSON.parse(await firstLine(load)) as { [name: string]: number };
    const cpu = (await cpuSeconds(server)) - before;
    const [counted, all] =
      scenario.server === 'download' ? [seen.bytes! / 1e6, seen.allBytes! / 1e6] : [seen.requests!, seen.allRequests!];
    return { perSecond: counted / seen.seconds!, perCpuSecond: all / cpu };
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}

const args = process.argv.slice(2);
const option = (name: string, standard: number): number => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? standard : Number(args.splice(at, 2)[1]);
};
const rounds = option('rounds', 3);
const seconds = option('seconds', 2);
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function summary(results: Measured[][], key: keyof Measured): string {
  const [own, reference] = results.map((list) => list.map((measured) => measured[key])) as [number[], number[]];
  const ratios = reference.map((value, i) => value / own[i]!);
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const [a, b] = [Math.round(median([...own])), Math.round(median([...reference]))];
  return `node ${a}  reference ${b}  ratio ${median(ratios).toFixed(2)} (${range})`;
}

for (const name of args.length > 0 ? args : Object.keys(SCENARIOS)) {
  const results: Measured[][] = MODULES.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, module] of MODULES.entries()) {
      results[i]!.push(await measure(module, SCENARIOS[name]!, seconds));
    }
  }
  console.log(`${name.padEnd(16)} per second: ${summary(results, 'perSecond')}`);
  console.log(`${''.padEnd(16)} per second of processor: ${summary(results, 'perCpuSecond')}`);
}
