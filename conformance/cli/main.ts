#!/usr/bin/env node
/** `plumbline`: reads the arguments and hands over to a sub-command. Whatever is heavy is imported when it is needed. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addCoverage } from './coverage.js';
import { FAULT_STATUS } from './fault.js';
import { addRun } from './run.js';
import { addTargets } from './targets.js';
import { addVectors } from './vectors.js';
import { addWire } from './wire.js';

const EXAMPLES = `
Examples:
  plumbline run                               this Node against every vector
  plumbline run --target bun                  another runtime, installed when missing
  plumbline run --http my-http.js             a module in place of node:http
  plumbline wire --server http://localhost:80 any HTTP server, by what it puts on the wire
  plumbline vectors explain ID                what a vector checks, and why
  plumbline coverage                          which documented behaviours vectors check
  plumbline targets list                      what can be tested

Exit status: 0 all as expected, 1 not so, 2 arguments or the harness at fault, 130 interrupted.`;

function program(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const plumbline = new Command('plumbline')
    .description('Conformance vectors for node:http and node:http2, run against any implementation.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`) })
    .addHelpText('after', EXAMPLES);
  addRun(plumbline);
  addWire(plumbline);
  addVectors(plumbline);
  addCoverage(plumbline);
  addTargets(plumbline);
  return plumbline;
}

/** Faults that are told by their message; anything else is a fault of the harness, told with its stack. */
const TOLD = ['CliFault', 'TargetFault', 'ExpectationsFault', 'SelectionFault', 'StartFault', 'WireFault'];

async function main(): Promise<number> {
  try {
    await program().parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAULT_STATUS;
    const known = error instanceof Error && TOLD.includes(error.name);
    process.stderr.write(known ? prefixed(error.message) : `plumbline: ${(error as Error).stack ?? error}\n`);
    return FAULT_STATUS;
  }
}

/** Faults with a place in a file stand as they are, so that editors and CI find the place. */
function prefixed(message: string): string {
  return `${message
    .split('\n')
    .map((line) => (/^\S+:\d+:\d+: /.test(line) ? line : `error: ${line}`))
    .join('\n')}\n`;
}

// A reader that has seen enough (`plumbline vectors list | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const status = await main();
// An implementation's leftovers in this process must not keep it alive; what was printed is flushed first.
process.stdout.write('', () => process.exit(status));
