/** Links to the documentation, and within the page to what is documented. */

import type { DocumentedSection } from '../../model.js';
import { h } from './dom.js';
import { EVERYTHING, format, sectionKey } from './view.js';

const DOCUMENTATION: { [module: string]: string } = {
  http: 'https://nodejs.org/docs/v23.5.0/api/http.html',
  http2: 'https://nodejs.org/docs/v23.5.0/api/http2.html',
};

/** To the section of the documentation; plain text for a module that has none. */
export function documentationLink(module: string, section: string): HTMLElement {
  const page = DOCUMENTATION[module];
  const heading = `${module}#${section}`;
  const attributes = { href: `${page}#${encodeURIComponent(section)}`, rel: 'noopener noreferrer', target: '_blank' };
  return page ? h('a', attributes, heading) : h('span', {}, heading);
}

/** To the row of a section in the table of coverage, and to one of its requirements. */
export function coverageHash(section: Pick<DocumentedSection, 'module' | 'anchor'>, requirement?: string): string {
  const view = { ...EVERYTHING, show: 'coverage', open: sectionKey(section) } as const;
  return format(requirement === undefined ? view : { ...view, requirement });
}
