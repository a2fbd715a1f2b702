/** `plumbline coverage`: which documented behaviours the vectors check. */
import { type Command, Option } from 'commander';
import {
  type CoverageCounts,
  type CoveredRequirement,
  type CoveredSection,
  coverage,
  coverageCounts,
  isUncovered,
} from '../coverage.js';
import { meant } from '../vectors/faults.js';
import { CliFault } from './fault.js';
import { vectorsOption } from './options.js';

const EXAMPLES = `
Examples:
  plumbline coverage
  plumbline coverage --module http --section agentmaxsockets
  plumbline coverage --uncovered

Exit status: 0; with --uncovered 1 when there is an uncovered requirement; 2 arguments or vectors at fault.`;

interface CoverageFlags {
  vectors: string;
  module?: string;
  section?: string;
  uncovered?: true;
  json?: true;
}

/** Adds the sub-command. */
export function addCoverage(plumbline: Command): void {
  plumbline
    .command('coverage')
    .description('tell how many vectors cover each documented behaviour')
    .addOption(new Option('--module <name>', 'sections of one module').choices(['http', 'http2']))
    .option('--section <anchor>', "one section, by the documentation's anchor, with its requirements")
    .option('--uncovered', 'only requirements without a vector that do not say why')
    .option('--json', 'as JSON, with the ids of the vectors')
    .addOption(vectorsOption())
    .addHelpText('after', EXAMPLES)
    .action(tell);
}

async function tell(flags: CoverageFlags): Promise<void> {
  const { loadPlan } = await import('./catalogue.js');
  const chosen = choose(coverage(loadPlan(flags.vectors)), flags);
  const counts = coverageCounts(chosen);
  const shown = flags.uncovered ? onlyUncovered(chosen) : chosen;
  process.stdout.write(flags.json ? json(shown, counts) : text(shown, chosen, flags));
  if (flags.uncovered && counts.uncovered > 0) process.exitCode = 1;
}

/** @throws CliFault when there is no such section */
function choose(all: CoveredSection[], { module, section }: CoverageFlags): CoveredSection[] {
  const ofModule = all.filter((one) => module === undefined || one.module === module);
  if (section === undefined) return ofModule;
  const anchor = section.replace(/^#/, '');
  const chosen = ofModule.filter((one) => one.anchor === anchor);
  if (chosen.length > 0) return chosen;
  const anchors = ofModule.map((one) => one.anchor);
  throw new CliFault(`no section has the anchor "${anchor}"${meant(anchor, anchors)}`);
}

function onlyUncovered(sections: CoveredSection[]): CoveredSection[] {
  return sections.flatMap((section) => {
    const requirements = section.requirements.filter(isUncovered);
    return requirements.length > 0 ? [{ ...section, requirements }] : [];
  });
}

function json(sections: CoveredSection[], totals: CoverageCounts): string {
  const items = sections.map(({ requirements, ...section }) => ({
    ...section,
    requirements: requirements.map(({ requirement, vectors }) => ({
      id: requirement.id,
      says: requirement.says,
      ...(requirement.untestable === undefined ? {} : { untestable: requirement.untestable }),
      vectors: vectors.map(({ id }) => id),
      disputed: vectors.filter(({ disputed }) => disputed).map(({ id }) => id),
    })),
  }));
  return `${JSON.stringify({ totals, sections: items }, null, 2)}\n`;
}

function text(shown: CoveredSection[], all: CoveredSection[], { section, uncovered }: CoverageFlags): string {
  if (uncovered || section !== undefined) {
    const parts = shown.map((one) => `${one.module}#${one.anchor}  ${one.heading}\n${requirementsText(one)}`);
    return [...parts, totalText(coverageCounts(all))].join('\n');
  }
  const modules = [...new Set(all.map(({ module }) => module))];
  const tables = modules.map((module) => {
    const own = all.filter((one) => one.module === module);
    return `${table(own)}${module}: ${totalText(coverageCounts(own))}`;
  });
  return tables.join('\n');
}

function requirementsText({ requirements }: CoveredSection): string {
  return requirements.map(requirementText).join('');
}

function requirementText({ requirement, vectors }: CoveredRequirement): string {
  const { id, says, untestable, file, line } = requirement;
  const state = untestable === undefined ? (vectors.length === 0 ? 'uncovered' : '') : `untestable: ${untestable}`;
  const lines = [
    `  ${id}  (${file}:${line})`,
    `    ${says}`,
    ...(state === '' ? [] : [`    ${state}`]),
    ...vectors.map((vector) => `    - ${vector.id}${vector.disputed ? ' (disputed)' : ''}`),
  ];
  return `${lines.join('\n')}\n`;
}

const COLUMNS = ['requirements', 'covered', 'vectors', 'disputed', 'untestable'] as const;

function table(sections: CoveredSection[]): string {
  const names = sections.map(({ heading, level }) => `${'  '.repeat(level - 1)}${heading}`);
  const width = Math.max(...names.map((name) => name.length));
  const lines = sections.map((section, i) => {
    const counts = coverageCounts([section]);
    const cells = COLUMNS.map((column) => String(counts[column] || '·').padStart(column.length));
    return `${names[i]!.padEnd(width)}  ${cells.join('  ')}${counts.uncovered > 0 ? `  ${counts.uncovered} uncovered` : ''}`;
  });
  return `${[`${' '.repeat(width)}  ${COLUMNS.join('  ')}`, ...lines].join('\n')}\n`;
}

function totalText(counts: CoverageCounts): string {
  const { requirements, covered, untestable, uncovered, disputed, vectors } = counts;
  const testable = requirements - untestable;
  const percent =
    testable === 0 || covered >= testable ? '100' : (Math.floor((covered / testable) * 1000) / 10).toFixed(1);
  return `${requirements} requirements, ${covered} covered by ${vectors} vectors (${percent} % of those that can be), ${disputed} disputed, ${untestable} untestable, ${uncovered} uncovered\n`;
}
