/** What the page shows before its script runs: whose results these are, how many passed, and where. */

import { type Results, VERDICTS } from '../model.js';
import { headline } from '../target.js';
import { duration, escapeHtml, thousands } from '../text.js';
import { type Counts, count, failing, group, LABELS, MEANINGS, type Module, type Section, share } from '../verdicts.js';
import { icon } from './icons.js';

export function header({ target, suite, startedAt, summary, command, partial }: Results): string {
  const { name, detail } = headline(target);
  const facts: [string, string][] = [
    ['Platform', target.platform],
    ...(target.node ? [['Compatible with', `Node ${target.node}`] as [string, string]] : []),
    ['Target', target.id],
    ['Run', startedAt.replace('T', ' ').replace(/(:\d\d)?(\.\d+)?Z$/, ' UTC')],
    ['Took', duration(summary.ms)],
  ];
  const terms = facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${escapeHtml(value)}</dd></div>`);
  const warning = partial
    ? '<p class="partial" role="note"><strong>Partial.</strong> The run was interrupted; these are the results obtained until then.</p>'
    : '';
  return `<header class="top">
<p class="brand"><svg class="bob" viewBox="0 0 12 20" aria-hidden="true"><path d="M6 0v8M2.5 8h7L6 19z"/></svg>${escapeHtml(suite.name)} <span>${escapeHtml(suite.version)}</span></p>
<button type="button" id="theme" class="quiet" hidden>Theme: auto</button>
<h1>${escapeHtml(name)} <span class="version">${escapeHtml(detail)}</span></h1>
<dl class="facts">${terms.join('')}</dl>
<p class="command"><code id="command">${escapeHtml(command)}</code> <button type="button" class="quiet" data-copy="command" hidden>Copy</button></p>
${warning}</header>`;
}

export function summary({ results }: Results): string {
  const counts = count(results);
  const { passed, decided, percent } = share(counts);
  const undecided = results.length - decided;
  const rest =
    undecided > 0 ? `<br>${thousands(undecided)} more do not count: not applicable, disputed or harness error` : '';
  const figure = percent === undefined ? 'n/a' : `${percent}<small>%</small>`;
  const buttons = VERDICTS.filter((verdict) => counts[verdict] > 0).map(
    (verdict) =>
      `<li><button type="button" class="verdict ${verdict}" data-verdict="${verdict}" aria-pressed="false" title="${MEANINGS[verdict]}">${icon(verdict)}<span class="name">${LABELS[verdict]}</span> <span class="count">${thousands(counts[verdict])}</span></button></li>`,
  );
  return `<section class="summary" aria-labelledby="summary-title">
<h2 id="summary-title" class="unseen">Summary</h2>
<p class="share"><strong>${figure}</strong> <span>${thousands(passed)} of ${thousands(decided)} vectors passed${rest}</span></p>
<div class="breakdown">${bar(counts)}<ul class="verdicts" aria-label="Filter by verdict">${buttons.join('')}</ul></div>
</section>`;
}

/** Modules and sections, those with most failures first; each filters the list. */
export function sections({ results }: Results): string {
  const modules = group(results).map(module);
  return `<aside aria-labelledby="sections-title">
<h2 id="sections-title">Sections</h2>
<div class="sections" tabindex="-1">${modules.join('')}</div>
</aside>`;
}

function module({ module, counts, sections }: Module): string {
  const worst = sections.toSorted((a, b) => trouble(b.counts) - trouble(a.counts));
  return `<section class="module" aria-label="${escapeHtml(module)}">
${filter('module', `data-module="${escapeHtml(module)}"`, module, counts)}
<ul>${worst.map(section).join('')}</ul>
</section>`;
}

function section({ module, section, counts }: Section): string {
  const data = `data-module="${escapeHtml(module)}" data-section="${escapeHtml(section)}"`;
  return `<li>${filter('section', data, section, counts)}</li>`;
}

function filter(kind: string, data: string, name: string, counts: Counts): string {
  const total = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
  const bad = failing(counts);
  const said = `${thousands(counts.pass)} of ${thousands(total)} passed${bad ? `, ${thousands(bad)} failing` : ''}`;
  return `<button type="button" class="${kind}" ${data} aria-pressed="false" title="${escapeHtml(name)}: ${said}"><span class="name">${escapeHtml(name)}</span> <span class="tally">${bad ? `<b>${thousands(bad)}</b> ` : ''}<span class="of">${thousands(counts.pass)}/${thousands(total)}</span></span>${bar(counts, said)}</button>`;
}

function trouble(counts: Counts): number {
  return failing(counts) * 1000 + counts.error * 10 + counts.blocked;
}

function bar(counts: Counts, said?: string): string {
  const shown = VERDICTS.filter((verdict) => counts[verdict] > 0);
  const parts = shown.map((verdict) => `<i class="${verdict}" style="flex-grow:${counts[verdict]}"></i>`);
  const label = shown.map((verdict) => `${LABELS[verdict]} ${counts[verdict]}`).join(', ');
  const role = said === undefined ? `role="img" aria-label="${label}"` : 'aria-hidden="true"';
  return `<span class="bar" ${role}>${parts.join('')}</span>`;
}
