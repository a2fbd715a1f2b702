/** The vectors that come with the package, compiled once. */
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.js';
import type { Plan } from './plan.js';
import { compileCached, compileWireCached } from './vectors/cached.js';
import { formatFault } from './vectors/index.js';

/** Where the package keeps its vectors. */
export const BUNDLED = fileURLToPath(new URL('../../vectors', import.meta.url));

let plan: Plan | undefined;

/** @throws Error with every fault of the files, a line each. */
export function bundled(): Plan {
  if (plan) return plan;
  const compiled = compileCached(BUNDLED, cacheFolder('plans'));
  if (compiled.faults.length > 0) throw new Error(compiled.faults.map(formatFault).join('\n'));
  plan = compiled.plan;
  return plan;
}

let wirePlan: Plan | undefined;

/**
 * The wire suites that come with the package.
 * @throws Error as `bundled`.
 */
export function bundledWire(): Plan {
  if (wirePlan) return wirePlan;
  const compiled = compileWireCached(BUNDLED, cacheFolder('plans'));
  if (compiled.faults.length > 0) throw new Error(compiled.faults.map(formatFault).join('\n'));
  wirePlan = compiled.plan;
  return wirePlan;
}
