/** `plumbline run`: reads and checks the options; perform.ts does the rest. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { count, filterOption, list, type RunFlags, vectorsOption } from './options.js';

const EXAMPLES = `
Examples:
  plumbline run
  plumbline run --target node@23.5.0 --module http2
  plumbline run --target node@24
  plumbline run --target bun --filter 'http.agent.*' --filter 'http2.push.*'
  plumbline run --http dist/my-http.js --expectations known-failures.yaml
  plumbline run --filter http.agent.max-sockets.queues-beyond-limit --repeat 50

An expectations file is a list of entries with id (or glob), verdict, reason, and optionally link and until (a date).
Exit status: 0 all as expected, 1 not so, 2 arguments or the harness at fault, 130 interrupted.`;

const EVERY = ['json', 'junit', 'html', 'md'];

/** Adds the sub-command. */
export function addRun(plumbline: Command): void {
  plumbline
    .command('run')
    .description('run vectors against an implementation and write a report')
    .option(
      '--target <id>',
      'node, node@X (newest of a major), node@X.Y.Z, bun[@X.Y.Z], deno[@X.Y.Z], reference or stub',
      'node',
    )
    .option('--http <file>', 'module in place of node:http')
    .option('--http2 <file>', 'module in place of node:http2')
    .option('--no-install', 'do not install a runtime that is missing')
    .addOption(filterOption())
    .option('--section <anchor>', "vectors of one section, by the documentation's anchor")
    .addOption(new Option('--module <name>', 'vectors of one module').choices(['http', 'http2']))
    .option('--repeat <n>', 'run so many times and report each verdict that changes', count, 1)
    .addOption(
      new Option('--jobs <n>', 'executors side by side').argParser(count).default(availableParallelism(), 'one a core'),
    )
    .option('--bail', 'stop at the first failure that is not expected')
    .option('--timeout <ms>', 'milliseconds each vector may take, in place of its own limit', count)
    .option('--expectations <file>', 'YAML file of failures that are known')
    .option('--out <dir>', 'folder for the report', '.plumbline/report')
    .addOption(
      new Option('--format <list>', 'what to write: json, junit, html, md').argParser(list).default(EVERY, 'all'),
    )
    .addOption(vectorsOption())
    .option('--quiet', 'print the summary only')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RunFlags) => {
      const { run } = await import('./perform.js');
      process.exitCode = await run(flags);
    });
}
