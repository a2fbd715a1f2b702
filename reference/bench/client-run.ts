// One client that is measured. Arguments: the module (`node:http`, or a file), the scenario's name, port, milliseconds.
// Prints one line of JSON: requests a second, and microseconds of CPU time for each.

import { type ClientModule, clientScenarios } from './client-scenarios.js';

const [module, name, port, duration] = process.argv.slice(2);
const http = (await import(module!)) as ClientModule;
const { ask, concurrency } = clientScenarios[name!]!;
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency, timeout: 5000 });
const to = { port: Number(port), agent };
let answers = 0;

function next(): void {
  answers++;
  ask(http, to, next);
}

for (let i = 0; i < concurrency; i++) ask(http, to, next);

const sleep = (msecs: number) => new Promise((resolve) => setTimeout(resolve, msecs));
// The first moments are not measured: code is being compiled.
await sleep(1000);
const before = answers;
const began = performance.now();
const cpuBefore = process.cpuUsage();
await sleep(Number(duration));
const { user, system } = process.cpuUsage(cpuBefore);
const made = answers - before;
const rate = made / ((performance.now() - began) / 1000);
process.stdout.write(`${JSON.stringify({ rate, cpu: (user + system) / made })}\n`, () => process.exit());
