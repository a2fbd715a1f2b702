/** What a run prints when it is over: what is wrong, and the counts. */
import { styleText } from 'node:util';
import type { Failure, Result, Results, Summary } from '../../reports/model.js';
import type { Comparison } from '../expectations.js';
import { renderTrace } from '../judge/render.js';
import type { Repetition } from './repeat.js';

/** Failures printed in full; the report has them all. */
const SHOWN = 20;

export interface Told {
  results: Results;
  comparison: Comparison;
  repetition: Repetition;
  quiet: boolean;
}

export function summaryText({ results, comparison, repetition, quiet }: Told): string {
  const errors = results.results.filter(({ verdict }) => verdict === 'error');
  const paragraphs = [
    ...(quiet ? [] : details([...comparison.regressions, ...errors])),
    changesText(repetition),
    ...(quiet ? [] : [surprisesText(comparison)]),
    countsText(results, comparison, repetition),
  ];
  return paragraphs.filter((text) => text !== '').join('\n');
}

function details(bad: Result[]): string[] {
  const shown = bad.slice(0, SHOWN).map(detail);
  if (bad.length > SHOWN)
    shown.push(`… and ${bad.length - SHOWN} more: see the report, or narrow down with --filter.\n`);
  return shown;
}

/** One failure: what it is, why, the traces side by side, and how to see it again. */
function detail(result: Result): string {
  const { verdict, id, source, title, reason, expected, failures = [], trace, reproduce } = result;
  return [
    `${emphasized(verdict.toUpperCase())} ${id}  (${source})`,
    `  ${title}`,
    // A failure whose text the reason repeats says it with its place.
    ...(reason && !failures.some(({ what }) => reason.startsWith(what)) ? [`  ${reason}`] : []),
    ...(expected ? [`  expected was ${expected.verdict}: ${expected.reason}`] : []),
    ...failures.flatMap(failureLines),
    ...(trace && trace.length > 0 ? [indented(renderTrace(trace))] : []),
    ...(reproduce ? [`  ${reproduce}`] : []),
    '',
  ].join('\n');
}

function failureLines({ at, what, expected, actual }: Failure): string[] {
  return [`  ${at} ${what}`, `    expected ${expected}`, `    actual   ${actual}`];
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function emphasized(text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(['red', 'bold'], text) : text;
}

function changesText(repetition: Repetition): string {
  const lines = repetition.changes().map(({ id, outcomes }) => {
    const parts = [...outcomes].map(([outcome, runs]) => `${outcome} in ${timesText(runs)}`);
    return `CHANGED ${id}: ${parts.join(', ')}\n`;
  });
  return lines.join('');
}

function timesText(runs: number[]): string {
  return runs.length > 5 ? `${runs.length} runs` : `run${runs.length > 1 ? 's' : ''} ${runs.join(', ')}`;
}

function surprisesText({ surprises }: Comparison): string {
  const lines = surprises.map(
    ({ id, verdict, expected }) => `BETTER ${id}: ${verdict}, expected was ${expected?.verdict}: remove its entry\n`,
  );
  return lines.join('');
}

function countsText({ target, summary, partial }: Results, comparison: Comparison, repetition: Repetition): string {
  const runtime = [target.name, target.version].filter(Boolean).join(' ');
  const named = runtime && runtime !== target.id ? `${target.id} (${runtime})` : target.id;
  const head = `${named}: ${summary.total} vectors in ${(summary.ms / 1000).toFixed(1)} s${partial ? ', not all' : ''}`;
  return [head, counts(summary), ...expectedText(comparison), ...repeatedText(repetition), ''].join('\n');
}

function counts(summary: Summary): string {
  const { total, ms, notApplicable, ...others } = summary;
  return Object.entries({ ...others, 'not applicable': notApplicable })
    .filter(([verdict, number]) => number > 0 || verdict === 'pass' || verdict === 'fail')
    .map(([verdict, number]) => `  ${number} ${verdict}`)
    .join('');
}

function expectedText({ results, regressions, surprises }: Comparison): string[] {
  const listed = results.filter(({ expected }) => expected).length;
  if (listed === 0) return [];
  return [`  ${listed} with an expectation: ${regressions.length} worse, ${surprises.length} better than expected`];
}

function repeatedText(repetition: Repetition): string[] {
  const { asked, runs } = repetition;
  if (asked === 1) return [];
  const changed = repetition.changes().length;
  const count = runs < asked ? `${runs} of ${asked} runs` : `${runs} runs`;
  return [`  ${count}, ${changed === 0 ? 'same verdicts' : `${changed} changed`}`];
}
