// The outcome as text: a line for each figure.

import type { MetricOutcome, Outcome, ScenarioOutcome } from './outcome.js';

const HEAD = ['scenario', 'unit', 'reference', 'node', 'net', 'ratio', 'quartiles', ''];

/** Columns of text; the others are numbers, and end where their column does. */
const LEFT = new Set([0, 1, 6, 7]);

/** All of it: the machine, the table, and how to read it. */
export function renderOutcome(outcome: Outcome): string {
  const { machine, seconds, scenarios } = outcome;
  const where = machine.measuredOn === null ? 'no cores set apart' : `measured on core ${machine.measuredOn}`;
  return [
    `Node ${machine.version} on ${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${where}; ${seconds} s at a time`,
    '',
    renderTable(scenarios),
    '',
    'Medians. ratio: reference to Node, pair by pair; half of the pairs lie between the quartiles. net: node:net with',
    'canned bytes. inconclusive: the pairs are too few, or disagree too much, for chance to be ruled out (sign test, 5 %).',
    '',
  ].join('\n');
}

/** A scenario in one line. */
export function renderBrief({ metrics, error }: ScenarioOutcome): string {
  if (error !== undefined) return `failed: ${error}`;
  return metrics
    .map(({ unit, ratio, conclusion }) => `${unit} ${ratio === null ? '' : `${ratio.median.toFixed(2)} `}${conclusion}`)
    .join(', ');
}

export function renderTable(scenarios: readonly ScenarioOutcome[]): string {
  const rows = [HEAD, ...scenarios.flatMap(scenarioRows)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (LEFT.has(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function scenarioRows({ name, metrics, error }: ScenarioOutcome): string[][] {
  if (error !== undefined) return [[name, `failed: ${error}`, '', '', '', '', '', '']];
  return metrics.map((metric, i) => [i === 0 ? name : '', ...metricCells(metric)]);
}

function metricCells({ unit, reference, node, limit, ratio, conclusion }: MetricOutcome): string[] {
  return [
    unit,
    amount(reference),
    amount(node),
    limit === null ? '' : amount(limit),
    ratio === null ? '' : ratio.median.toFixed(2),
    ratio === null ? '' : `${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)}`,
    conclusion,
  ];
}

/** Three digits at least: `41,203`, `98.7`, `5.98`. */
function amount(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
