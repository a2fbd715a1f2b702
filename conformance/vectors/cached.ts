/** Compiling without doing it twice: plans are kept by the hash of all that they are made from. */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../plan.js';
import type { Fault } from './faults.js';
import { compile, compileWire } from './index.js';

/** Plans that are kept; each is a few megabytes. */
const KEPT = 6;

/**
 * As `compile`, from the cache where the files are those of an earlier time. Only plans without faults are kept.
 * @param cache - folder for the plans; one that cannot be written does without
 */
export function compileCached(root: string, cache: string): { plan: Plan; faults: Fault[] } {
  return cached(cache, fingerprint(root), () => compile(root));
}

/** As `compileWire`, from the cache likewise. */
export function compileWireCached(root: string, cache: string): { plan: Plan; faults: Fault[] } {
  return cached(cache, `wire-${fingerprint(root)}`, () => compileWire(root));
}

function cached(
  cache: string,
  name: string,
  compiling: () => { plan: Plan; faults: Fault[] },
): { plan: Plan; faults: Fault[] } {
  const file = join(cache, `${name}.json`);
  const kept = read(file);
  if (kept) return { plan: kept, faults: [] };
  const compiled = compiling();
  if (compiled.faults.length === 0) keep(cache, file, compiled.plan);
  return compiled;
}

/** Covers the vectors, fixtures and schemas, the suite's version, and the compiler itself with the plan's vocabulary. */
function fingerprint(root: string): string {
  const hash = createHash('sha256');
  addFolder(hash, root);
  addFolder(hash, fileURLToPath(new URL('.', import.meta.url)));
  hash.update(readFileSync(new URL('../plan.js', import.meta.url)));
  const manifest = join(root, '..', 'package.json');
  if (existsSync(manifest)) hash.update(readFileSync(manifest));
  return hash.digest('hex').slice(0, 32);
}

function addFolder(hash: Hash, folder: string): void {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (name.startsWith('.') || name === 'node_modules') continue;
    if (statSync(path).isDirectory()) {
      hash.update(`${name}/\n`);
      addFolder(hash, path);
    } else if (/\.(ya?ml|js|json)$/.test(name) || folder.endsWith('fixtures')) {
      hash.update(`${name}\n`).update(readFileSync(path));
    }
  }
}

function read(file: string): Plan | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Plan;
  } catch {
    return undefined;
  }
}

function keep(folder: string, file: string, plan: Plan): void {
  try {
    mkdirSync(folder, { recursive: true });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, JSON.stringify(plan));
    renameSync(fresh, file);
    const age = (name: string) => statSync(join(folder, name)).mtimeMs;
    const stale = readdirSync(folder)
      .sort((a, b) => age(b) - age(a))
      .slice(KEPT);
    for (const name of stale) rmSync(join(folder, name), { force: true });
  } catch {
    // Nothing is lost but time.
  }
}
