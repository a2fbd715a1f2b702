// The reference's client against the same Node's own: A B A B …, each in a process of its own, against one server of
// canned bytes. Requests a second and CPU time for each; the ratios are of pairs that ran one after the other.
//
// node dist/reference/bench/client.js [--rounds 5] [--seconds 3] [scenario …]

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { clientScenarios } from './client-scenarios.js';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' } },
  allowPositionals: true,
});

const here = (name: string) => new URL(name, import.meta.url).pathname;

interface Run {
  rate: number;
  /** Microseconds for each request. */
  cpu: number;
}

function start(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [here(script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function line(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString().trim();
}

async function run(module: string, name: string, port: string): Promise<Run> {
  const client = start('client-run.js', module, name, port, `${Number(values.seconds) * 1000}`);
  const result = JSON.parse(await line(client)) as Run;
  if (client.exitCode === null) await once(client, 'exit');
  return result;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

function show(numbers: number[]): string {
  return `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)} to ${Math.max(...numbers).toFixed(2)})`;
}

for (const name of positionals.length > 0 ? positionals : Object.keys(clientScenarios)) {
  const server = start('client-peer.js', name);
  const port = await line(server);
  const pairs: { reference: Run; node: Run }[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    pairs.push({
      reference: await run(here('../http/index.js'), name, port),
      node: await run('node:http', name, port),
    });
  }
  const exit = once(server, 'exit');
  server.stdin!.end();
  await exit;
  const rates = pairs.map(({ reference, node }) => reference.rate / node.rate);
  const cpus = pairs.map(({ reference, node }) => node.cpu / reference.cpu);
  const rate = (module: 'reference' | 'node') => Math.round(median(pairs.map((pair) => pair[module].rate)));
  process.stdout.write(
    `${name}: ${rate('reference')}/s against ${rate('node')}/s, ${show(rates)}x; for the same CPU time ${show(cpus)}x\n`,
  );
}
