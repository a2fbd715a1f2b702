/** What vectors and requirements say of each other, across files. */
import type { Compiled } from './compile.js';
import { type Fault, meant } from './faults.js';
import type { ReadRequirement } from './requirements.js';
import { checkSections, type ReadSection } from './sections.js';
import type { Source } from './yaml.js';

/** Everything that was read. */
export interface All {
  vectors: readonly Compiled[];
  requirements: readonly ReadRequirement[];
  sections: readonly ReadSection[];
  /** A file could not be read: what it holds is not known, so nothing is said to be missing. */
  incomplete: boolean;
}

export function checkAcross({ vectors, requirements, sections, incomplete }: All, checkCovers: boolean): Fault[] {
  const faults = [
    ...duplicates(
      sections.map(({ section, source, at }) => ({ id: `${section.module}#${section.anchor}`, source, at })),
      'heading',
    ),
    ...duplicates(
      requirements.map(({ requirement, source, at }) => ({ id: requirement.id, source, at })),
      'requirement',
    ),
    ...duplicates(
      vectors.map(({ vector, source, at }) => ({ id: vector.id, source, at })),
      'vector',
    ),
    ...cycles(vectors),
  ];
  if (incomplete) return faults;
  faults.push(
    ...checkSections(
      sections.map(({ section }) => section),
      requirements,
    ),
  );
  const known = new Set(requirements.map(({ requirement }) => requirement.id));
  const ids = new Set(vectors.map(({ vector }) => vector.id));
  for (const { vector, source, covers, depends } of vectors) {
    for (const [i, id] of vector.covers.entries()) {
      if (checkCovers && !known.has(id))
        faults.push(source.fault(covers[i]!, `unknown requirement "${id}"${meant(id, known)}`));
    }
    for (const [i, id] of vector.depends.entries()) {
      if (!ids.has(id)) faults.push(source.fault(depends[i]!, `unknown vector "${id}" in "depends"${meant(id, ids)}`));
    }
  }
  return faults;
}

interface Named {
  id: string;
  source: Source;
  at: number;
}

function duplicates(all: readonly Named[], what: string): Fault[] {
  const first = new Map<string, Named>();
  return all.flatMap((named) => {
    const other = first.get(named.id);
    if (named.id === '' || other === undefined) {
      first.set(named.id, named);
      return [];
    }
    const table = other.source === named.source && other.at === named.at;
    const where = table
      ? 'rows of "each" must give ids that differ'
      : `the first is at ${other.source.file}:${other.source.line(other.at)}`;
    return [named.source.fault(named.at, `the id "${named.id}" of a ${what} is taken: ${where}`)];
  });
}

/** Each cycle of `depends` once, at the vector where it is entered. */
function cycles(vectors: readonly Compiled[]): Fault[] {
  const byId = new Map(vectors.map((compiled) => [compiled.vector.id, compiled]));
  const done = new Set<string>();
  const faults: Fault[] = [];
  const visit = (id: string, path: string[]): void => {
    const compiled = byId.get(id);
    if (!compiled || done.has(id)) return;
    for (const [i, next] of compiled.vector.depends.entries()) {
      const start = [...path, id].indexOf(next);
      if (start < 0) visit(next, [...path, id]);
      else {
        const cycle = [...path.slice(start), id, next].join(' → ');
        faults.push(compiled.source.fault(compiled.depends[i]!, `vectors depend on each other in a circle: ${cycle}`));
      }
    }
    done.add(id);
  };
  for (const { vector } of vectors) visit(vector.id, []);
  return faults;
}
