// Which cores belong to what is measured, and which to all else.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Lists of cores as `taskset -c` has them; undefined where a process may run anywhere. */
export interface Cores {
  readonly measured: string | undefined;
  readonly load: string | undefined;
}

const ANYWHERE: Cores = { measured: undefined, load: undefined };

/** The cores of a list such as `0-2,5`. */
export function parseCores(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** One core for what is measured, the others for the load: nothing else may be in its way. */
export function shareCores(cores: readonly number[]): Cores {
  if (cores.length < 2) return ANYWHERE;
  return { measured: String(cores.at(-1)), load: cores.slice(0, -1).join(',') };
}

/** How cores are shared on this machine: not at all where there is one, or no `taskset`. */
export function findCores(): Cores {
  if (spawnSync('taskset', ['--version']).status !== 0) return ANYWHERE;
  const allowed = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  return allowed === undefined ? ANYWHERE : shareCores(parseCores(allowed));
}
