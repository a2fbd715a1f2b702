/** The report: one file that shows a run, with nothing to load. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Results } from '../model.js';
import { headline } from '../target.js';
import { escapeHtml } from '../text.js';
import { sprite } from './icons.js';
import { link } from './link.js';
import { header, sections, summary } from './overview.js';

/** The style sheet is not compiled: it lies in the package's `reports/html`, this file in its `dist/reports/html`. */
const STYLE = new URL('../../../reports/html/style.css', import.meta.url);
const SCRIPT = new URL('./client/main.js', import.meta.url);

export function renderHtml(results: Results): string {
  const style = readFileSync(STYLE, 'utf8');
  const script = `\n${inScript(link(SCRIPT))}\n`;
  const { target, suite } = results;
  const { name, detail } = headline(target);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${escapeHtml(suite.name)} ${escapeHtml(suite.version)}">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<title>${escapeHtml(`${name} ${detail} · ${suite.name}`)}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Cpath d='M10 0v8M6 8h8l-4 11z' fill='%23888' stroke='%23888'/%3E%3C/svg%3E">
<style>
${style}</style>
</head>
<body>
<a class="skip" href="#results" id="skip">Skip to the results</a>
${sprite()}
<div class="page">
${header(results)}
${summary(results)}
<div class="columns">
${sections(results)}
${list(results)}
</div>
</div>
<script type="application/json" id="data">${inJson(results)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The list of vectors and, where the results tell what is documented, the table of it: one of the two is shown. */
function list({ documentation = [] }: Results): string {
  const tabs = '<a id="to-vectors" href="#">Vectors</a> <a id="to-coverage" href="#show=coverage">Coverage</a>';
  const title = documentation.length > 0 ? tabs : 'Vectors';
  return `<main id="results" tabindex="-1" aria-labelledby="results-title">
<div class="tools">
<h2 id="results-title">${title}</h2>
<p id="shown" role="status"></p>
<button type="button" id="clear" class="quiet" hidden>Clear filters</button>
<div class="find" id="find"><label class="search"><span class="unseen">Search</span><input id="search" type="search" placeholder="Search ids, titles, requirements, reasons" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>
<label class="sort"><span>Sort</span> <select id="sort"><option value="worst">worst first</option><option value="suite">suite order</option><option value="slowest">slowest first</option></select></label></div>
</div>
<div id="list"><noscript><p class="empty">The list needs JavaScript. summary.md and results.json beside this file hold the same.</p></noscript></div>
<div id="coverage" hidden></div>
</main>`;
}

/** Nothing may be loaded from anywhere, and no script runs but this one. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

/** In a script element only `<` can end the element or open a comment. */
function inJson(results: Results): string {
  return JSON.stringify(results).replaceAll('<', '\\u003c');
}

function inScript(script: string): string {
  return script.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}
