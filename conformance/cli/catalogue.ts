/** The vectors of a folder, compiled. */
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cacheFolder } from '../cache.js';
import type { Plan, Vector } from '../plan.js';
import { compileCached, compileWireCached } from '../vectors/cached.js';
import { meant } from '../vectors/faults.js';
import { type Fault, formatFault } from '../vectors/index.js';
import { CliFault } from './fault.js';

/** @returns the plan and what is wrong with the files, whose names are as a person in this directory would write them */
export function compileFolder(root: string): { plan: Plan; faults: Fault[] } {
  return compileWith(root, compileCached);
}

/** The wire suites of the folder likewise. */
export function compileWireFolder(root: string): { plan: Plan; faults: Fault[] } {
  return compileWith(root, compileWireCached);
}

function compileWith(root: string, compiling: typeof compileCached): { plan: Plan; faults: Fault[] } {
  const stat = statSync(root, { throwIfNoEntry: false });
  if (!stat) throw new CliFault(`no such folder: ${root}`);
  if (!stat.isDirectory()) throw new CliFault(`not a folder: ${root}`);
  const { plan, faults } = compiling(root, cacheFolder('plans'));
  const near = relative('', root);
  const place = near.startsWith('..') ? root : near;
  return { plan, faults: faults.map((fault) => ({ ...fault, file: join(place, fault.file) })) };
}

/** @throws CliFault with every fault of the files */
export function loadPlan(root: string): Plan {
  const { plan, faults } = compileFolder(root);
  if (faults.length > 0) throw new CliFault(faults.map(formatFault).join('\n'));
  return plan;
}

/** @throws CliFault with every fault of the files of the wire suites */
export function loadWirePlan(root: string): Plan {
  const { plan, faults } = compileWireFolder(root);
  if (faults.length > 0) throw new CliFault(faults.map(formatFault).join('\n'));
  return plan;
}

/** @throws CliFault when the plan has no such vector */
export function find(plan: Plan, id: string): Vector {
  const vector = plan.vectors.find((candidate) => candidate.id === id);
  if (!vector) {
    const ids = plan.vectors.map((candidate) => candidate.id);
    throw new CliFault(`no vector has the id "${id}"${meant(id, ids)}`);
  }
  return vector;
}

/**
 * Tells which files, named as in faults, were asked for.
 * @throws CliFault when one is not there or not in the folder
 */
export function chooseFiles(root: string, files: readonly string[]): (file: string) => boolean {
  if (files.length === 0) return () => true;
  const chosen = new Set(files.map((file) => resolve(file)));
  for (const file of files) {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CliFault(`no such file: ${file}`);
    if (relative(root, file).startsWith('..'))
      throw new CliFault(`${file} is not in ${root}: say which folder with --vectors`);
  }
  return (file) => chosen.has(resolve(file));
}
