/** Every way to write results down. */

import { renderHtml } from '../html/page.js';
import type { Results } from '../model.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';

const RENDERERS = {
  json: { file: 'results.json', write: renderJson },
  junit: { file: 'junit.xml', write: renderJunit },
  md: { file: 'summary.md', write: (results: Results) => renderMarkdown(results) },
  html: { file: 'report.html', write: renderHtml },
} as const;

export type Format = 'json' | 'junit' | 'md' | 'html';

export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

/** @returns The usual name of the file and what it holds. */
export function render(format: Format, results: Results): { file: string; text: string } {
  const { file, write } = RENDERERS[format];
  return { file, text: write(results) };
}
