/** What is shown, as the URL's hash says it: filters, order and the open result. */

import { type DocumentedSection, FAILING, type Result, VERDICTS, type Verdict } from '../../model.js';
import { isExpected, isSurprise } from '../../verdicts.js';

export const SORTS = ['worst', 'suite', 'slowest'] as const;
export type Sort = (typeof SORTS)[number];

export interface View {
  /** The table of the documentation in place of the list of vectors. */
  show?: 'coverage';
  /** None: all. */
  verdicts: readonly Verdict[];
  module?: string;
  /** Of the module. */
  section?: string;
  search: string;
  sort: Sort;
  /** Id of the open result; of the table of coverage, the key of the open section. */
  open?: string;
  /** Id of a requirement of the open section that is pointed out. */
  requirement?: string;
}

export const EVERYTHING: View = { verdicts: [], search: '', sort: 'worst' };

/** Names a section among those of all modules: `http#agentdestroy`. */
export function sectionKey({ module, anchor }: Pick<DocumentedSection, 'module' | 'anchor'>): string {
  return `${module}#${anchor}`;
}

/** Reads a hash; what makes no sense in it is left out. */
export function parse(hash: string): View {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const named = parameters.get('verdict')?.split(',') ?? [];
  const module = parameters.get('module');
  const section = parameters.get('section');
  const open = parameters.get('open');
  const requirement = parameters.get('requirement');
  return {
    ...(parameters.get('show') === 'coverage' ? { show: 'coverage' } : {}),
    verdicts: VERDICTS.filter((verdict) => named.includes(verdict)),
    ...(module ? { module } : {}),
    ...(module && section ? { section } : {}),
    search: parameters.get('q') ?? '',
    sort: SORTS.find((sort) => sort === parameters.get('sort')) ?? 'worst',
    ...(open ? { open } : {}),
    ...(open && requirement ? { requirement } : {}),
  };
}

/** The hash with `#`, or nothing for the whole list. */
export function format({ show, verdicts, module, section, search, sort, open, requirement }: View): string {
  const parts: [string, string | undefined][] = [
    ['show', show],
    ['verdict', verdicts.join(',')],
    ['module', module],
    ['section', section],
    ['q', search],
    ['sort', sort === 'worst' ? '' : sort],
    ['open', open],
    ['requirement', requirement],
  ];
  const given = parts.filter((part): part is [string, string] => Boolean(part[1]));
  if (given.length === 0) return '';
  return `#${new URLSearchParams(given).toString().replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}

export function isFiltered({ verdicts, module, search }: View): boolean {
  return verdicts.length > 0 || module !== undefined || search.trim() !== '';
}

/** The results to list, in order. Every word of the search must occur in a result. */
export function select(results: readonly Result[], view: View): Result[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = results.filter(
    (result) =>
      (view.verdicts.length === 0 || view.verdicts.includes(result.verdict)) &&
      (view.module === undefined || view.module === result.module) &&
      (view.section === undefined || view.section === result.section) &&
      words.every((word) => searchable(result).includes(word)),
  );
  if (view.sort === 'slowest') return chosen.sort((a, b) => b.ms - a.ms);
  return view.sort === 'worst' ? chosen.sort((a, b) => rank(a) - rank(b)) : chosen;
}

const texts = new WeakMap<Result, string>();

function searchable(result: Result): string {
  const known = texts.get(result);
  if (known !== undefined) return known;
  const { id, title, section, verdict, reason, expected, covers } = result;
  const parts = [id, title, section, verdict, reason, expected?.reason, ...covers.flatMap((c) => [c.id, c.says])];
  const text = parts.join('\n').toLowerCase();
  texts.set(result, text);
  return text;
}

const ORDER: readonly Verdict[] = [...FAILING, 'error', 'disputed', 'blocked', 'not-applicable', 'pass'];

/** Small numbers ask for attention first; what was expected comes after what was not. */
function rank(result: Result): number {
  if (isSurprise(result)) return ORDER.indexOf('error') - 0.5;
  return ORDER.indexOf(result.verdict) + (isExpected(result) ? 4.5 : 0);
}
