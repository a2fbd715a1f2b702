/** `plumbline wire`: reads and checks the options; wire-perform.ts does the rest. */
import { type Command, Option } from 'commander';
import { count, filterOption, list, vectorsOption, type WireFlags } from './options.js';

const EXAMPLES = `
Examples:
  plumbline wire                                            this Node's http and http2
  plumbline wire --target reference --filter 'wire.http1-server.*'
  plumbline wire --server http://127.0.0.1:8080 --http1
  plumbline wire --server https://127.0.0.1:8443 --http2 --insecure
  plumbline wire --start "nginx -g 'daemon off;'" --server http://127.0.0.1:8080 --http1

What an RFC says with SHOULD or MAY is reported, and fails with --strict only.
Exit status: 0 all as expected, 1 not so, 2 arguments, the server or the harness at fault, 130 interrupted.`;

const EVERY = ['json', 'junit', 'html', 'md'];

/** Adds the sub-command. */
export function addWire(plumbline: Command): void {
  plumbline
    .command('wire')
    .description('judge any HTTP server by what it puts on the wire')
    .option('--server <url>', 'a server that is up: http://HOST:PORT, https://HOST:PORT')
    .option('--start <command>', 'starts the server at --server, and stops it')
    .option(
      '--target <id>',
      'without --server: a small server on the modules of a target, as for "plumbline run"',
      'node',
    )
    .option('--no-install', 'do not install a runtime that is missing')
    .option('--tls', 'speak TLS, as for https')
    .option('--insecure', 'take any certificate')
    .option('--http1', 'HTTP/1.1 only')
    .option('--http2', 'HTTP/2 only')
    .option('--path <path>', 'what requests ask for; a plain GET of it must be answered')
    .addOption(filterOption())
    .option('--strict', 'SHOULD and MAY count as MUST')
    .option('--repeat <n>', 'run so many times and report each verdict that changes', count, 1)
    .option('--jobs <n>', 'connections side by side', count, 8)
    .option('--out <dir>', 'folder for the report', '.plumbline/wire')
    .addOption(
      new Option('--format <list>', 'what to write: json, junit, html, md').argParser(list).default(EVERY, 'all'),
    )
    .addOption(vectorsOption())
    .option('--quiet', 'print the summary only')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: WireFlags) => {
      const { wire } = await import('./wire-perform.js');
      process.exitCode = await wire(flags);
    });
}
