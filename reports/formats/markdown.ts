/** A summary for GitHub's job page (GITHUB_STEP_SUMMARY) and for pull request comments. */

import { countDocumented } from '../documentation.js';
import { type Result, type Results, VERDICTS, type Verdict } from '../model.js';
import { headline } from '../target.js';
import { cut, duration, escapeHtml, thousands, visible } from '../text.js';
import { count, explain, failing, group, isSurprise, LABELS, outcome, type Section, share } from '../verdicts.js';
import { failureLines, traceLines } from './plain.js';

/** GitHub drops a job summary that is longer than this, in bytes. */
export const JOB_SUMMARY_LIMIT = 1024 * 1024;

/** So much is kept for the note that says what was cut. */
const NOTE_ROOM = 300;

/**
 * @param limit Bytes of UTF-8 the text may have, at least 1000; what does not fit is left out with a note.
 */
export function renderMarkdown(results: Results, limit = JOB_SUMMARY_LIMIT): string {
  const writer = new Writer(limit);
  writer.add(`${opening(results)}\n\n${verdictTable(results)}\n${documentationLine(results)}`);
  writer.add(`\n### By section\n\n| Section | Passed | Failing | Other | Total |\n| :-- | --: | --: | --: | --: |\n`);
  const modules = group(results.results);
  for (const { module, counts, sections } of modules) {
    writer.add(tableRow(`**${code(module)}**`, counts));
    for (const section of sections) writer.add(tableRow(code(section.section), section.counts));
  }
  const troubled = results.results.filter((result) => ['failure', 'error'].includes(outcome(result)));
  if (troubled.length > 0) writer.add(`\n### Failures (${thousands(troubled.length)})\n`);
  const left = troubled.findIndex((result) => !writer.add(entry(result)));
  writer.note(left < 0 ? 0 : troubled.length - left);
  return writer.text();
}

/** Takes whole blocks as long as they fit; the first that does not fit is the end. */
class Writer {
  readonly #blocks: string[] = [];
  #room: number;
  #full = false;

  constructor(limit: number) {
    this.#room = limit - NOTE_ROOM;
  }

  add(block: string): boolean {
    const size = Buffer.byteLength(block);
    if (this.#full || size > this.#room) {
      this.#full = true;
      return false;
    }
    this.#room -= size;
    this.#blocks.push(block);
    return true;
  }

  note(failures: number): void {
    if (!this.#full) return;
    const what = failures > 0 ? `${thousands(failures)} more failures do` : 'The rest does';
    this.#blocks.push(`\n> **Cut.** ${what} not fit here; \`report.html\` and \`results.json\` have everything.\n`);
  }

  text(): string {
    return this.#blocks.join('');
  }
}

function opening({ suite, target, results, summary, startedAt, partial, command }: Results): string {
  const { name, detail } = headline(target);
  const { passed, decided, percent } = share(count(results));
  const result = percent === undefined ? 'Nothing decided' : `${percent} % passed`;
  const facts = [
    `${thousands(passed)} of ${thousands(decided)} vectors that count passed`,
    escapeHtml(target.platform),
    ...(target.node ? [`compatible with Node ${escapeHtml(target.node)}`] : []),
    `${escapeHtml(suite.name)} ${escapeHtml(suite.version)}`,
    duration(summary.ms),
    startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
  ];
  const lines = [`## ${html(name)} ${html(detail)}: ${result}`, facts.join(' · '), fence('sh', command)];
  if (partial) lines.splice(1, 0, '> **Partial.** The run was interrupted; these are the results obtained until then.');
  return lines.join('\n\n');
}

/** How much of what is documented the suite checks. */
function documentationLine({ documentation = [] }: Results): string {
  if (documentation.length === 0) return '';
  const { requirements, covered, disputed, untestable } = countDocumented(documentation);
  const [all, ...parts] = [requirements, covered, disputed, untestable].map(thousands);
  const sections = thousands(documentation.length);
  return `\nDocumentation: ${all} requirements in ${sections} sections, ${parts[0]} covered by vectors, ${parts[1]} disputed, ${parts[2]} untestable.\n`;
}

function verdictTable({ results }: Results): string {
  const counts = count(results);
  const shown = VERDICTS.filter((verdict) => counts[verdict] > 0 || verdict === 'pass' || verdict === 'fail');
  const row = (cell: (verdict: Verdict) => string): string => `| ${shown.map(cell).join(' | ')} |`;
  return [row((verdict) => LABELS[verdict]), row(() => '--:'), row((verdict) => thousands(counts[verdict]))].join('\n');
}

function tableRow(name: string, counts: Section['counts']): string {
  const total = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
  const bad = failing(counts);
  const cells = [counts.pass, bad, total - counts.pass - bad, total].map(thousands);
  if (bad > 0) cells[1] = `**${cells[1]}**`;
  return `| ${name} | ${cells.join(' | ')} |\n`;
}

function entry(result: Result): string {
  const { id, title, verdict, covers, failures, trace, source, reproduce } = result;
  const tag = isSurprise(result) ? ' (unexpected)' : '';
  const evidence = [
    ...(failures ?? []).flatMap((failure) => [...failureLines(failure), '']),
    ...(trace?.length ? traceLines(trace) : []),
  ];
  const why = explain(result);
  const parts = [
    `<details><summary><b>${LABELS[verdict]}${tag}</b> <code>${escapeHtml(id)}</code> ${escapeHtml(title)}</summary>`,
    ...(why ? [html(cut(why, 2000))] : []),
    ...covers.map((requirement) => `> ${code(requirement.id)} ${html(requirement.says)}`),
    ...(evidence.length > 0 ? [fence('diff', cut(evidence.join('\n').trimEnd(), 20_000))] : []),
    ...(reproduce ? [fence('sh', reproduce)] : []),
    `${code(source)}`,
    '</details>',
  ];
  return `\n${parts.join('\n\n')}\n`;
}

/** Running text: no Markdown of its own, one line. */
function html(text: string): string {
  return visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[&<>"'\\`*_[\]|~#@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** As an HTML element: works in tables and with every character. */
function code(text: string): string {
  return `<code>${html(text)}</code>`;
}

function fence(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${visible(text)}\n${marks}`;
}
