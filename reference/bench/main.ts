// `npm run bench`: the reference against the same Node's own modules. Never fails on timing: it ends with 1 only when
// something could not be measured at all.

import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { dirname } from 'node:path';
import { parseArguments } from './arguments.js';
import { findCores } from './cores.js';
import type { Machine, Outcome, ScenarioOutcome } from './outcome.js';
import { measureScenario, type RunOptions } from './runner.js';
import { scenarios, selectScenarios } from './scenarios.js';
import { renderBrief, renderOutcome } from './table.js';

const args = parseArguments(process.argv.slice(2));
const chosen = selectScenarios(scenarios, args);
if (chosen.length === 0) {
  process.stderr.write('No scenario has such a name: --list names them all.\n');
  process.exit(2);
}
if (args.list) {
  process.stdout.write(chosen.map(({ name }) => `${name}\n`).join(''));
  process.exit();
}

const cores = findCores();
const options: RunOptions = {
  pairs: args.pairs,
  seconds: args.duration,
  warmUpSeconds: args.quick ? 0.2 : 1.5,
  scale: args.quick ? 0.05 : 1,
  measuredOn: cores.measured,
  loadOn: cores.load,
};

const machine: Machine = {
  version: process.version,
  platform: `${platform()}-${arch()}`,
  cpu: cpus()[0]?.model ?? 'unknown processor',
  cores: availableParallelism(),
  measuredOn: cores.measured ?? null,
  loadOn: cores.load ?? null,
};
const measured: ScenarioOutcome[] = [];
const outcome: Outcome = { date: new Date().toISOString(), machine, seconds: args.duration, scenarios: measured };
mkdirSync(dirname(args.json), { recursive: true });
for (const [i, scenario] of chosen.entries()) {
  process.stderr.write(`${i + 1}/${chosen.length} ${scenario.name}: `);
  measured.push(await measureScenario(scenario, options));
  process.stderr.write(`${renderBrief(measured.at(-1)!)}\n`);
  // Now rather than in the end: whoever loses patience keeps what there is.
  writeFileSync(args.json, `${JSON.stringify(outcome, null, 2)}\n`);
}
process.stdout.write(`\n${renderOutcome(outcome)}Figures: ${args.json}\n`);
if (measured.some(({ error }) => error !== undefined)) process.exitCode = 1;
