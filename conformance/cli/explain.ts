/** What a vector checks, why, how it is written, and how to run it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, Requirement, Vector } from '../plan.js';
import { reproduceWith } from './command-line.js';

/** The documentation's edition that requirements cite. */
const DOCUMENTATION = 'https://nodejs.org/docs/v23.5.0/api';

/** @param root the folder the plan was compiled from */
export function explanation(vector: Vector, plan: Plan, root: string): string {
  const requirements = plan.requirements.filter(({ id }) => vector.covers.includes(id));
  return [
    `${vector.id}`,
    `  ${vector.title}`,
    '',
    'Requirements',
    ...requirements.flatMap((requirement) => requirementLines(requirement)),
    '',
    ...disputeLines(vector),
    `Vector (${join(root, vector.file)}:${vector.line})`,
    ...source(readFileSync(join(root, vector.file), 'utf8'), vector.line).map((line) => `  ${line}`.trimEnd()),
    '',
    'Run it',
    `  ${reproduceWith({ target: 'node', vectors: root })(vector.id)}`,
    '',
  ].join('\n');
}

function requirementLines({ id, section, says, since }: Requirement): string[] {
  const module = id.split('.')[0];
  return [
    `  ${id}${since === undefined ? '' : ` (since ${since})`}`,
    `    ${says}`,
    `    section #${section}: ${DOCUMENTATION}/${module}.html#${section}`,
  ];
}

function disputeLines({ disputed }: Vector): string[] {
  return disputed ? ['Disputed', `  ${disputed.why}`, ''] : [];
}

/** The list item that holds this line (from 1), as written. */
export function source(text: string, line: number): string[] {
  const lines = text.split('\n');
  let start = line - 1;
  while (start > 0 && !/^\s*- /.test(lines[start] ?? '')) start--;
  const indent = /^\s*/.exec(lines[start] ?? '')?.[0].length ?? 0;
  let end = start + 1;
  while (end < lines.length && belongs(lines[end] ?? '', indent)) end++;
  const item = lines.slice(start, end);
  while (item.at(-1)?.trim() === '') item.pop();
  return item.map((written) => written.slice(indent));
}

/** Deeper lines and empty ones go on with an item; a comment at its own depth is about the next. */
function belongs(line: string, indent: number): boolean {
  return line.trim() === '' || line.search(/\S/) > indent;
}
