/** All vectors, compiled, as one file for harnesses in other languages. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../plan.js';
import { fileFault } from './fault.js';

const SCHEMA = 'plan.schema.json';

/** Writes the plan, and its schema beside it; `-` prints the plan. */
export function writeBundle(plan: Plan, file: string): void {
  if (file === '-') {
    process.stdout.write(`${JSON.stringify(plan)}\n`);
    return;
  }
  try {
    writeFileSync(file, `${JSON.stringify(plan)}\n`);
    const schema = fileURLToPath(new URL(`../../../vectors/schema/${SCHEMA}`, import.meta.url));
    copyFileSync(schema, join(dirname(file), SCHEMA));
  } catch (error) {
    throw fileFault('write', file, error);
  }
  process.stdout.write(`${plan.vectors.length} vectors in ${file}, its schema in ${SCHEMA} beside it\n`);
}
