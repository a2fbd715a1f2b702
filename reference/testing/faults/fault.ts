// Faults that are put into the reference one at a time, to see whether the vectors notice.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

export type Module = 'http' | 'http2';
export const modules: readonly Module[] = ['http', 'http2'];

/** One change to one file, as it stands in `http.yaml` or `http2.yaml` of this folder. */
export interface Fault {
  /** What is wrong then, in a few words; unique within its file. */
  says: string;
  /** Source file, from `reference/` on, such as `http/agent.ts`. */
  file: string;
  /** Text that stands in the file exactly once. */
  from: string;
  /** What stands there instead. */
  to: string;
  /** Why vectors cannot see it, where that has been settled. */
  unseen?: string;
}

/** Reads the faults of a module. */
export function readFaults(module: Module): Fault[] {
  const file = `${root}reference/testing/faults/${module}.yaml`;
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Fault[]) : [];
}

/**
 * The source of a faulty file.
 * @throws Error when `from` does not stand in it exactly once, or the fault changes nothing
 */
export function faulty({ says, file, from, to }: Fault): string {
  const parts = readFileSync(`${root}reference/${file}`, 'utf8').split(from);
  if (parts.length !== 2)
    throw new Error(`${says}: ${file} has ${parts.length - 1} places like ${JSON.stringify(from)}`);
  if (from === to) throw new Error(`${says}: nothing changes`);
  return parts.join(to);
}
