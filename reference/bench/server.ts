// The reference's server against the same Node's own: A B A B …, each in a process of its own, under the same load.
// Throughput and CPU time for each request; the ratios are of pairs that ran one after the other.
//
// node dist/reference/bench/server.js [--rounds 5] [--seconds 4] [scenario …]

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { scenarios } from './server-scenarios.js';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    limit: { type: 'boolean' },
  },
  allowPositionals: true,
});

const here = (name: string) => new URL(name, import.meta.url).pathname;
const MODULES = { reference: here('../http/index.js'), node: 'node:http', net: 'net' };

interface Run {
  /** Requests a second. */
  rate: number;
  /** Microseconds of the server's CPU time for each request. */
  cpu: number;
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** What a child says next. */
async function line(child: ChildProcess): Promise<string> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1, 3).join(' ')} ended with ${code}`);
  });
  const [chunk] = (await Promise.race([once(child.stdout!, 'data'), gone])) as [Buffer];
  return chunk.toString().trim();
}

async function run(module: keyof typeof MODULES, name: string): Promise<Run> {
  const server = start(here('server-run.js'), MODULES[module], name);
  const port = await line(server);
  const duration = Number(values.seconds) * 1000;
  const load = start(here('server-load.js'), port, `${duration}`, name);
  const cpu = async () => {
    const answer = line(server);
    server.stdin!.write('\n');
    return Number(await answer);
  };
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const began = performance.now();
  const before = await cpu();
  const { rate } = JSON.parse(await line(load)) as { rate: number };
  const used = (await cpu()) - before;
  const seconds = (performance.now() - began) / 1000;
  const exits = [once(server, 'exit'), load.exitCode === null ? once(load, 'exit') : undefined];
  server.stdin!.end();
  await Promise.all(exits);
  return { rate, cpu: used / (rate * seconds) };
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function show(numbers: number[]): string {
  return `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)} to ${Math.max(...numbers).toFixed(2)})`;
}

for (const name of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
  const pairs: { reference: Run; node: Run }[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    pairs.push({ reference: await run('reference', name), node: await run('node', name) });
  }
  const rates = pairs.map(({ reference, node }) => reference.rate / node.rate);
  const cpus = pairs.map(({ reference, node }) => node.cpu / reference.cpu);
  const rate = (module: 'reference' | 'node') => Math.round(median(pairs.map((pair) => pair[module].rate)));
  process.stdout.write(
    `${name}: ${rate('reference')}/s against ${rate('node')}/s, ${show(rates)}x; for the same CPU time ${show(cpus)}x\n`,
  );
  if (values.limit) process.stdout.write(`  limit: ${Math.round((await run('net', name)).rate)}/s from node:net\n`);
}
