/** The vectors that come with the package, each suite compiled once. */
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.js';
import type { Plan } from './plan.js';
import { compileCached, compileWireCached } from './vectors/cached.js';
import { formatFault } from './vectors/index.js';

/** Where the package keeps its vectors. */
export const BUNDLED = fileURLToPath(new URL('../../vectors', import.meta.url));

/** The vectors of both modules. @throws Error with every fault of the files, a line each. */
export const bundled = once(compileCached);

/** The wire suites. @throws Error as `bundled`. */
export const bundledWire = once(compileWireCached);

function once(compile: typeof compileCached): () => Plan {
  let plan: Plan | undefined;
  return () => {
    if (plan) return plan;
    const compiled = compile(BUNDLED, cacheFolder('plans'));
    if (compiled.faults.length > 0) throw new Error(compiled.faults.map(formatFault).join('\n'));
    plan = compiled.plan;
    return plan;
  };
}
