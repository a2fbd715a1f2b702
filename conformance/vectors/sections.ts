/** Sections: the headings of the documentation, in its order, to which requirements belong. */
import type { Section } from '../plan.js';
import { asList, asMap, type Reporter } from './content.js';
import { type Fault, meant } from './faults.js';
import type { ReadRequirement } from './requirements.js';
import { SECTION_SCHEMA } from './schema.js';
import { type Node, type Source, valueAt } from './yaml.js';

export interface ReadSection {
  section: Section;
  source: Source;
  at: number;
}

/** All of a file; its name, `sections/http.yaml`, says of which module. */
export function readSections(tree: Node | undefined, source: Source, faults: Fault[]): ReadSection[] {
  if (tree === undefined) return [];
  const reporter: Reporter = {
    fault: (place, message) => faults.push(source.fault(typeof place === 'number' ? place : place.at, message)),
  };
  const module = /([^/]*)\.ya?ml$/.exec(source.file)?.[1] ?? '';
  return (asList(reporter, tree, 'a list of headings') ?? []).flatMap((item): ReadSection[] => {
    const map = asMap(reporter, item, 'a heading (a map)');
    if (!map) return [];
    SECTION_SCHEMA.check(map, source, faults, []);
    const value = (key: string) => {
      const node = valueAt(map, key);
      return node?.kind === 'scalar' ? node : undefined;
    };
    const anchor = value('anchor');
    const section: Section = {
      module,
      anchor: anchor?.text ?? '',
      heading: value('heading')?.text ?? '',
      level: Number(value('level')?.value ?? 1),
    };
    return [{ section, source, at: (anchor ?? map).at }];
  });
}

/**
 * What requirements say of sections: each names a heading of its module, and a file keeps the order of the headings.
 * A module whose headings are not listed takes any section in any order.
 */
export function checkSections(sections: readonly Section[], requirements: readonly ReadRequirement[]): Fault[] {
  const faults: Fault[] = [];
  for (const [module, anchors] of anchorsByModule(sections)) {
    const own = requirements.filter(({ requirement }) => requirement.module === module);
    for (const { requirement, source, sectionAt } of own) {
      if (!anchors.has(requirement.section))
        faults.push(
          source.fault(
            sectionAt,
            `unknown section "${requirement.section}" of ${module}${meant(requirement.section, [...anchors.keys()])}`,
          ),
        );
    }
    const known = own.filter(({ requirement }) => anchors.has(requirement.section));
    for (const file of new Set(known.map(({ source }) => source))) {
      const inFile = known.filter(({ source }) => source === file);
      const ranks = inFile.map(({ requirement }) => anchors.get(requirement.section)!);
      for (const index of misplaced(ranks)) faults.push(outOfOrder(inFile, ranks, index));
    }
  }
  return faults;
}

function anchorsByModule(sections: readonly Section[]): Map<string, Map<string, number>> {
  const modules = new Map<string, Map<string, number>>();
  for (const { module, anchor } of sections) {
    const anchors = modules.get(module) ?? new Map<string, number>();
    modules.set(module, anchors.set(anchor, anchors.size));
  }
  return modules;
}

function outOfOrder(requirements: readonly ReadRequirement[], ranks: readonly number[], index: number): Fault {
  const { requirement, source, sectionAt } = requirements[index]!;
  const before = ranks.slice(0, index).findIndex((rank) => rank > ranks[index]!);
  const [where, other] =
    before >= 0
      ? ['before', requirements[before]!]
      : ['after', requirements[ranks.findIndex((rank, i) => i > index && rank < ranks[index]!)]!];
  const place = `"${other.requirement.section}" (line ${source.line(other.at)})`;
  return source.fault(
    sectionAt,
    `out of order: in the documentation "${requirement.section}" comes ${where} ${place}, so move the requirement`,
  );
}

/** The fewest places whose removal leaves the ranks in order: all but a longest run that does not fall. */
function misplaced(ranks: readonly number[]): number[] {
  /** For each length, where the run of that length with the lowest end ends. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, rank] of ranks.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranks[ends[middle]!]! <= rank) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? ends[low - 1]! : -1);
    ends[low] = index;
  }
  const kept = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) kept.add(index);
  return ranks.map((_, index) => index).filter((index) => !kept.has(index));
}
