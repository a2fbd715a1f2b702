/** Requirements: what the documentation says, one entry each. */
import type { Requirement } from '../plan.js';
import { asList, asMap, type Reporter } from './content.js';
import type { Fault } from './faults.js';
import { REQUIREMENT_SCHEMA } from './schema.js';
import { readVersion } from './versions.js';
import { type Node, type Source, valueAt } from './yaml.js';

export interface ReadRequirement {
  requirement: Requirement;
  source: Source;
  at: number;
  sectionAt: number;
}

/** All of a file, also those at fault: they are known by their ids. */
export function readRequirements(tree: Node | undefined, source: Source, faults: Fault[]): ReadRequirement[] {
  if (tree === undefined) return [];
  const reporter: Reporter = {
    fault: (place, message) => faults.push(source.fault(typeof place === 'number' ? place : place.at, message)),
  };
  return (asList(reporter, tree, 'a list of requirements') ?? []).flatMap((item): ReadRequirement[] => {
    const map = asMap(reporter, item, 'a requirement (a map)');
    if (!map) return [];
    REQUIREMENT_SCHEMA.check(map, source, faults, []);
    const text = (key: string) => {
      const value = valueAt(map, key);
      return value?.kind === 'scalar' ? value.text : '';
    };
    const id = valueAt(map, 'id') ?? map;
    const section = valueAt(map, 'section') ?? map;
    const since = valueAt(map, 'since');
    const version = since && readVersion(reporter, since);
    const untestable = text('untestable');
    return [
      {
        source,
        at: id.at,
        sectionAt: section.at,
        requirement: {
          id: text('id'),
          module: /^[^./]*/.exec(text('id'))![0],
          section: text('section'),
          kind: text('kind'),
          says: text('says'),
          ...(version === undefined ? {} : { since: version }),
          ...(untestable === '' ? {} : { untestable }),
          file: source.file,
          line: source.line(map.at),
        },
      },
    ];
  });
}
