// The command line of the benchmark.

import { Command, InvalidArgumentError, Option } from 'commander';

export interface Arguments {
  /** Globs of scenarios' names; none for all. */
  readonly scenario: readonly string[];
  readonly module: 'http' | 'http2' | undefined;
  readonly pairs: number;
  /** Seconds. */
  readonly duration: number;
  readonly quick: boolean;
  /** Where the outcome goes. */
  readonly json: string;
  /** Names the scenarios, and measures nothing. */
  readonly list: boolean;
}

const FULL = { pairs: 15, duration: 0.5 };
const QUICK = { pairs: 1, duration: 0.2 };

/**
 * @param args - without the names of Node and the script
 * @param commandLine - for tests
 * @throws CommanderError for arguments that make no sense, if the command line was told not to exit
 */
export function parseArguments(args: readonly string[], commandLine = new Command()): Arguments {
  const options = commandLine
    .name('npm run bench --')
    .description("Measures the reference against the same Node's own modules, by turns.")
    .option('--scenario <glob>', 'scenarios to measure, such as http/server/* (may be repeated)', collect, [])
    .addOption(new Option('--module <name>', 'scenarios of one module only').choices(['http', 'http2']))
    .option('--pairs <n>', `pairs of measurements for each scenario (default: ${FULL.pairs})`, count)
    .option('--duration <seconds>', `of each measurement (default: ${FULL.duration})`, duration)
    .option('--quick', 'see that it all works: one short pair, nothing to conclude from', false)
    .option('--json <file>', 'where the figures go', 'reports/out/bench.json')
    .option('--list', 'name the scenarios', false)
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<Partial<Arguments>>();
  return { ...(options.quick ? QUICK : FULL), module: undefined, ...options } as Arguments;
}

function collect(glob: string, globs: readonly string[]): readonly string[] {
  return [...globs, glob];
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
}

function duration(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 3600)) throw new InvalidArgumentError('It is a number of seconds, 3600 at most.');
  return number;
}
