/** Which vectors a run is about. */
import { idMatcher } from './expectations.js';
import type { Plan, Vector } from './plan.js';

/** What was asked for matches no vector. */
export class SelectionFault extends Error {
  override name = 'SelectionFault';
}

/** What was asked for; a vector is selected when it satisfies each of these. */
export interface Selection {
  /** Ids or globs, of which one must match. */
  filter?: string[];
  /** Anchor of a documentation's section. */
  section?: string;
  /** `http` or `http2`. */
  module?: string;
}

/** @throws SelectionFault when one of the conditions matches no vector at all */
export function select(plan: Plan, { filter = [], section, module }: Selection): Vector[] {
  let selected = plan.vectors;
  if (module !== undefined) selected = keep(selected, `--module ${module}`, (vector) => vector.module === module);
  if (section !== undefined) {
    const anchor = section.replace(/^#/, '');
    selected = keep(selected, `--section ${section}`, (vector) => vector.section === anchor);
  }
  if (filter.length === 0) return keep(selected, 'the vectors folder', () => true);
  const wanted = new Set(filter.flatMap((glob) => keep(selected, `--filter ${glob}`, matching(glob))));
  return selected.filter((vector) => wanted.has(vector));
}

function matching(glob: string): (vector: Vector) => boolean {
  const matches = idMatcher(glob);
  return ({ id }) => matches(id);
}

function keep(vectors: Vector[], condition: string, test: (vector: Vector) => boolean): Vector[] {
  const kept = vectors.filter(test);
  if (kept.length === 0) throw new SelectionFault(`no vector matches ${condition}${hint(vectors, condition)}`);
  return kept;
}

/** People give the beginning of ids. */
function hint(vectors: Vector[], condition: string): string {
  const beginning = /^--filter (.*[^.*])\.?$/.exec(condition)?.[1];
  if (beginning === undefined || !vectors.some(({ id }) => id.startsWith(`${beginning}.`))) return '';
  return `: did you mean "${beginning}.*"?`;
}
