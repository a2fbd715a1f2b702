// `npm run sensitivity [-- --module http] [--only TEXT]`: puts each fault into a copy of the reference and runs the vectors on it. A
// fault is caught when a vector fails. Exit status 1 when fewer than nine in ten are.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from '@swc/core';
import { type Fault, faulty, type Module, modules, readFaults, root } from './fault.js';

const ENOUGH = 0.9;

const { values } = parseArgs({
  options: { module: { type: 'string' }, only: { type: 'string' } },
});

const copy = join(root, '.plumbline', `faults-${process.pid}`);

/** A copy of the package, of which a file can be changed. */
function makeCopy(): void {
  mkdirSync(copy, { recursive: true });
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true, filter: (file) => !file.endsWith('.test.js') });
  for (const name of ['vectors', 'node_modules', 'package.json', 'reports'])
    symlinkSync(join(root, name), join(copy, name));
}

/** The vector that fails first, or none. */
function firstFailure(module: Module): string | undefined {
  const out = join(copy, 'out');
  rmSync(out, { recursive: true, force: true });
  const args = [
    'run',
    '--target',
    'reference',
    '--module',
    module,
    '--bail',
    '--quiet',
    '--format',
    'json',
    '--out',
    out,
  ];
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'dist/conformance/cli/main.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return undefined;
  if (status !== 1) return `the run itself: ${stderr.trim()}`;
  const { results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as {
    results: { id: string; verdict: string }[];
  };
  return results.find(({ verdict }) => !['pass', 'disputed', 'not-applicable', 'blocked'].includes(verdict))?.id;
}

/** What catches a fault. */
function catchFault(module: Module, { file }: Fault, source: string): string | undefined {
  const compiled = join(copy, 'dist/reference', file.replace(/\.ts$/, '.js'));
  const sound = readFileSync(compiled);
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } } as const;
  writeFileSync(compiled, transformSync(source, options).code);
  try {
    return firstFailure(module);
  } finally {
    writeFileSync(compiled, sound);
  }
}

/** Tries the faults of one module and prints each. Returns the share that is caught. */
function measure(module: Module): number {
  const failure = firstFailure(module);
  if (failure !== undefined) throw new Error(`${module}: the reference fails without a fault: ${failure}`);
  const asked = readFaults(module).filter(({ says }) => says.includes(values.only ?? ''));
  // All at once: the sources may change while this goes on.
  const faults = asked.map((fault) => ({ fault, source: faulty(fault) }));
  let caught = 0;
  for (const { fault, source } of faults) {
    const by = catchFault(module, fault, source);
    if (by !== undefined) caught++;
    const verdict =
      by === undefined ? `SURVIVES${fault.unseen === undefined ? '' : ` (${fault.unseen})`}` : `caught by ${by}`;
    console.log(`${module}: ${fault.says}: ${verdict}`);
  }
  console.log(
    `${module}: ${caught} of ${faults.length} faults caught (${((100 * caught) / faults.length).toFixed(1)} %)`,
  );
  return caught / faults.length;
}

const chosen = modules.filter((module) => values.module === undefined || module === values.module);
if (chosen.length === 0) {
  console.error(`there is no module ${values.module}: say http or http2`);
  process.exit(2);
}
makeCopy();
try {
  const shares = chosen.map(measure);
  if (shares.some((share) => share < ENOUGH)) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
