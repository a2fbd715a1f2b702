/** Texts of vectors for tests. */

import type { Vector } from '../../plan.js';
import { type Fault, formatFault } from '../faults.js';
import { compileText, type TextOptions } from '../index.js';

/** A vector with these further lines (indented by two). */
export function vectorText(lines: string, id = 'http.test'): string {
  return `- id: ${id}\n  covers: [http/x]\n  title: t\n${lines.replace(/^\n/, '').replace(/^/gm, '  ').trimEnd()}\n`;
}

/** A text with `▸` where a fault is expected: without the mark, and its place. */
export function marked(text: string): { text: string; line: number; column: number } {
  const at = text.indexOf('▸');
  const before = text.slice(0, at).split('\n');
  return { text: text.replace('▸', ''), line: before.length, column: before.at(-1)!.length + 1 };
}

/** The only vector of a text that must be without faults. */
export function only(text: string, options?: TextOptions): Vector {
  const { vectors, faults } = compileText(text, 'test.yaml', options);
  if (faults.length > 0) throw new Error(faults.map(formatFault).join('\n'));
  if (vectors.length !== 1) throw new Error(`${vectors.length} vectors`);
  return vectors[0]!;
}

/** The faults of a text. */
export function faultsOf(text: string, options?: TextOptions): Fault[] {
  return compileText(text, 'test.yaml', options).faults;
}
