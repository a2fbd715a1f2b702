/** Which documented behaviours the vectors check: requirements by section, in the order of the documentation. */
import type { DocumentedSection } from '../reports/model.js';
import type { Plan, Requirement, Section, Vector } from './plan.js';

export interface CoveredRequirement {
  requirement: Requirement;
  /** Vectors that cover it, in the order of the plan. */
  vectors: Vector[];
}

export interface CoveredSection extends Section {
  requirements: CoveredRequirement[];
}

/** What a section, a module or all of them come to. */
export interface CoverageCounts {
  requirements: number;
  /** Requirements with a vector at least. */
  covered: number;
  /** Requirements with neither a vector nor a reason why there is none. */
  uncovered: number;
  /** Requirements for which no vector can exist. */
  untestable: number;
  /** Requirements with a disputed vector at least. */
  disputed: number;
  /** Vectors, each counted once. */
  vectors: number;
}

/** The sections of a plan with their requirements; headings that a folder of vectors does not list come as requirements name them. */
export function coverage({ sections, requirements, vectors }: Plan): CoveredSection[] {
  const covering = new Map<string, Vector[]>(requirements.map(({ id }) => [id, []]));
  for (const vector of vectors) for (const id of vector.covers) covering.get(id)?.push(vector);
  const all = new Map<string, CoveredSection>();
  for (const section of sections) all.set(`${section.module}#${section.anchor}`, { ...section, requirements: [] });
  for (const requirement of requirements) {
    const { module } = requirement;
    const key = `${module}#${requirement.section}`;
    const section = all.get(key) ?? {
      ...{ module, anchor: requirement.section, heading: requirement.section, level: 2 },
      requirements: [],
    };
    all.set(key, section);
    section.requirements.push({ requirement, vectors: covering.get(requirement.id)! });
  }
  return [...all.values()];
}

export function isUncovered({ requirement, vectors }: CoveredRequirement): boolean {
  return vectors.length === 0 && requirement.untestable === undefined;
}

/** Sums up sections. */
export function coverageCounts(sections: readonly CoveredSection[]): CoverageCounts {
  const all = sections.flatMap(({ requirements }) => requirements);
  const number = (test: (covered: CoveredRequirement) => boolean) => all.filter(test).length;
  return {
    requirements: all.length,
    covered: number(({ vectors }) => vectors.length > 0),
    uncovered: number(isUncovered),
    untestable: number(({ requirement }) => requirement.untestable !== undefined),
    disputed: number(({ vectors }) => vectors.some(({ disputed }) => disputed !== undefined)),
    vectors: new Set(all.flatMap(({ vectors }) => vectors)).size,
  };
}

/**
 * Sections as results carry them.
 * @param performed - the run's vectors: of a part of the suite, only the sections it is about are told
 */
export function documentation(plan: Plan, performed: readonly Vector[]): DocumentedSection[] {
  const ids = new Set(performed.flatMap(({ covers }) => covers));
  const about = ({ requirements }: CoveredSection) => requirements.some(({ requirement: { id } }) => ids.has(id));
  const whole = performed.length >= plan.vectors.length;
  return coverage(plan)
    .filter((section) => whole || about(section))
    .map(({ requirements, ...section }) => ({
      ...section,
      requirements: requirements.map(({ requirement: { id, says, untestable }, vectors }) => {
        const disputed = vectors.filter((vector) => vector.disputed).length;
        return { id, says, vectors: vectors.length, disputed, ...(untestable === undefined ? {} : { untestable }) };
      }),
    }));
}
