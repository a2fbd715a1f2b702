/** A shape for each verdict, so that none is told by colour alone. */

import { VERDICTS, type Verdict } from '../model.js';

const LINE = 'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"';
/** Drawn on a filled shape, in the colour of the page. */
const CUT = 'fill="none" style="stroke:var(--paper)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"';

const SHAPES: Readonly<Record<Verdict, string>> = {
  pass: `<path ${LINE} d="M2.8 8.6l3.4 3.4 7-8"/>`,
  fail: `<rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor"/><path ${CUT} d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"/>`,
  crash:
    '<path fill="currentColor" d="M8 .6l1.9 3.3 3.5-1.5-.7 3.8 3 2.2-3.2 1.7.5 3.9-3.5-1.4L8 15.4l-1.7-2.8L2.9 14l.4-3.9L.3 8.4l3-2.2-.7-3.8 3.5 1.5z"/>',
  timeout: `<circle ${LINE} cx="8" cy="8" r="6.3"/><path ${LINE} d="M8 4.5V8l2.6 1.8"/>`,
  blocked: `<circle ${LINE} cx="8" cy="8" r="6.3"/><path ${LINE} d="M3.7 12.3l8.6-8.6"/>`,
  'not-applicable': `<path ${LINE} d="M3.5 8h9"/>`,
  disputed: `<path ${LINE} d="M8 1.4L14.6 8 8 14.6 1.4 8z"/><path fill="currentColor" d="M8 1.4L14.6 8 8 14.6z"/>`,
  error: `<path ${LINE} d="M8 1.8l6.6 12H1.4z"/><path ${LINE} d="M8 6.4v3.2M8 11.6v.1"/>`,
};

/** The shapes once for the page; `icon` refers to them. */
export function sprite(): string {
  const symbols = VERDICTS.map(
    (verdict) => `<symbol id="v-${verdict}" viewBox="0 0 16 16">${SHAPES[verdict]}</symbol>`,
  );
  return `<svg class="sprite" aria-hidden="true">${symbols.join('')}</svg>`;
}

export function icon(verdict: Verdict): string {
  return `<svg class="icon" aria-hidden="true"><use href="#v-${verdict}"/></svg>`;
}
