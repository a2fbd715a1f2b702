/** Command lines to show to a person, who may paste them into a shell. */
import { OWN_VECTORS, type RunFlags } from './options.js';

/** The command line of this process, with the program's name in place of its path. */
export function commandLine(args: readonly string[] = process.argv.slice(2)): string {
  return ['plumbline', ...args.map(quote)].join(' ');
}

/** Makes the command that runs one vector alone, in the way of this run. */
export function reproduceWith(flags: Pick<RunFlags, 'target' | 'http' | 'http2' | 'vectors'>): (id: string) => string {
  const args = ['run', '--target', flags.target];
  if (flags.http !== undefined) args.push('--http', flags.http);
  if (flags.http2 !== undefined) args.push('--http2', flags.http2);
  if (flags.vectors !== OWN_VECTORS) args.push('--vectors', flags.vectors);
  return (id) => `npx ${commandLine([...args, '--filter', id])}`;
}

/** As a POSIX shell reads it back. */
function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
