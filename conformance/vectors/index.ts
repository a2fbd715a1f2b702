/** The compiler of vectors: YAML in, a plan and faults out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, Requirement, Section, Vector } from '../plan.js';
import { checkAcross } from './across.js';
import { type Compiled, compileVector } from './compile.js';
import { asList, asMap, type Reporter } from './content.js';
import { type Fault, inOrder } from './faults.js';
import { fixturesOf, suiteVersion, yamlFiles } from './files.js';
import { type ReadRequirement, readRequirements } from './requirements.js';
import { type ReadSection, readSections } from './sections.js';
import { expand } from './table.js';
import { compileWireVector } from './wire-vector.js';
import { type Node, readYaml, Source } from './yaml.js';

export { type Fault, formatFault } from './faults.js';

export interface CompileOptions {
  /** Whether `covers` must name requirements that exist; default true. */
  requirements?: boolean;
}

/**
 * Compiles all vectors under a root. Vectors with faults are left out of the plan.
 *
 * @param root - folder with `sections/`, `requirements/`, `fixtures/`, and vectors in any other folder but `schema/`
 */
export function compile(root: string, options: CompileOptions = {}): { plan: Plan; faults: Fault[] } {
  const faults: Fault[] = [];
  const read = readAll(root, yamlFiles(root), faults);
  faults.push(...checkAcross(read, options.requirements ?? true));
  const vectors = finished(read.vectors, read.requirements, faults);
  const requirements = read.requirements.map(({ requirement }) => requirement);
  const sections = read.sections.map(({ section }) => section);
  return { plan: { format: 1, version: suiteVersion(root), sections, requirements, vectors }, faults: inOrder(faults) };
}

/**
 * Compiles the vectors of the wire suites, which stand in `wire/` under the root of the others.
 *
 * @param root - as for `compile`
 */
export function compileWire(root: string): { plan: Plan; faults: Fault[] } {
  const faults: Fault[] = [];
  const files = existsSync(join(root, 'wire')) ? yamlFiles(root, 'wire') : [];
  const read = readAll(root, files, faults);
  faults.push(...checkAcross(read, false));
  const vectors = finished(read.vectors, [], faults).map((vector) => {
    return { ...vector, section: vector.wire?.suite ?? vector.section };
  });
  const plan: Plan = { format: 1, version: suiteVersion(root), sections: [], requirements: [], vectors };
  return { plan, faults: inOrder(faults) };
}

/** What a text is compiled with. */
export interface TextOptions {
  /** Where `fixtures/` is; without it there are none. */
  root?: string;
  /** Requirements that `covers` may name; without them it may name anything. */
  requirements?: Requirement[];
}

/** Compiles the text of one file of vectors, for tests and editors. `depends` may name vectors of the text only. */
export function compileText(
  text: string,
  file: string,
  options: TextOptions = {},
): { vectors: Vector[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const source = new Source(file, text);
  const tree = readYaml(source, faults);
  const vectors = tree ? compileTree(tree, source, faults, fixturesOf(options.root ?? '')) : [];
  const requirements = (options.requirements ?? []).map(
    (requirement): ReadRequirement => ({ requirement, source, at: 0, sectionAt: 0 }),
  );
  faults.push(
    ...checkAcross({ vectors, requirements, sections: [], incomplete: false }, options.requirements !== undefined),
  );
  return { vectors: finished(vectors, requirements, faults), faults: inOrder(faults) };
}

/**
 * Reads the text of one file of requirements.
 * @param headings - text of the headings of a module, `sections/http.yaml`; without it any section will do
 */
export function compileRequirements(
  text: string,
  file: string,
  headings?: { text: string; file: string },
): { requirements: Requirement[]; sections: Section[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const source = new Source(file, text);
  const requirements = readRequirements(readYaml(source, faults), source, faults);
  const sections = headings ? compileSections(headings, faults) : [];
  faults.push(...checkAcross({ vectors: [], requirements, sections, incomplete: false }, false));
  return {
    requirements: requirements.map(({ requirement }) => requirement),
    sections: sections.map(({ section }) => section),
    faults: inOrder(faults),
  };
}

function compileSections({ text, file }: { text: string; file: string }, faults: Fault[]): ReadSection[] {
  const source = new Source(file, text);
  return readSections(readYaml(source, faults), source, faults);
}

interface Read {
  sections: ReadSection[];
  vectors: Compiled[];
  requirements: ReadRequirement[];
  incomplete: boolean;
}

function readAll(root: string, files: readonly string[], faults: Fault[]): Read {
  const fixtures = fixturesOf(root);
  const read: Read = { sections: [], vectors: [], requirements: [], incomplete: false };
  for (const file of files) {
    const source = new Source(file, readFileSync(join(root, file), 'utf8'));
    const before = faults.length;
    const tree = readYaml(source, faults);
    if (tree === undefined) read.incomplete ||= faults.length > before;
    else if (file.startsWith('sections/')) read.sections.push(...readSections(tree, source, faults));
    else if (file.startsWith('requirements/')) read.requirements.push(...readRequirements(tree, source, faults));
    else read.vectors.push(...compileTree(tree, source, faults, fixtures));
  }
  return read;
}

function compileTree(tree: Node, source: Source, faults: Fault[], fixtures: ReturnType<typeof fixturesOf>): Compiled[] {
  const reporter: Reporter = {
    fault: (place, message) => faults.push(source.fault(typeof place === 'number' ? place : place.at, message)),
  };
  return (asList(reporter, tree, 'a list of vectors') ?? []).flatMap((item) => {
    const map = asMap(reporter, item, 'a vector (a map)');
    if (!map) return [];
    const before = faults.length;
    const rows = expand(map, source, reporter);
    const faulty = faults.length > before;
    const compileRow = source.file.startsWith('wire/') ? compileWireVector : compileVector;
    const compiled = rows.map((vector) => compileRow(vector, source, faults, fixtures));
    return faulty ? compiled.map((vector) => ({ ...vector, faulty })) : compiled;
  });
}

/** Vectors that may run, each with its section. */
function finished(
  all: readonly Compiled[],
  requirements: readonly ReadRequirement[],
  faults: readonly Fault[],
): Vector[] {
  const sections = new Map(requirements.map(({ requirement }) => [requirement.id, requirement.section]));
  const faulty = new Set(faults.map((fault) => `${fault.file}:${fault.line}`));
  return all.flatMap(({ vector, faulty: own, source, at, covers, depends }) => {
    const places = [at, ...covers, ...depends].map((place) => `${source.file}:${source.line(place)}`);
    if (own || places.some((place) => faulty.has(place))) return [];
    return [{ ...vector, section: sections.get(vector.covers[0] ?? '') ?? '' }];
  });
}
