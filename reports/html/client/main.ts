/** The page's script: keeps the URL's hash, the filters and the list in step. */

import type { Results, Verdict } from '../../model.js';
import { thousands } from '../../text.js';
import { Coverage } from './coverage.js';
import { detail } from './detail.js';
import { get } from './dom.js';
import { List } from './list.js';
import { themeButton } from './theme.js';
import { EVERYTHING, format, isFiltered, parse, type Sort, select, type View } from './view.js';

/** Beyond so many results, paper gets only those that have been looked at. */
const MOST_ON_PAPER = 2000;

const data = JSON.parse(get('data').textContent) as Results;
const search = get<HTMLInputElement>('search');
const sort = get<HTMLSelectElement>('sort');
const list = new List(get('list'), (result) => detail(result, data));
const coverage = new Coverage(get('coverage'), data);
let view: View = EVERYTHING;
let shown = 0;

/** Shows the whole of a view, as after loading or going back. */
function show(next: View): void {
  view = next;
  const covering = view.show === 'coverage';
  get('coverage').hidden = !covering;
  for (const id of ['list', 'find']) get(id).hidden = covering;
  mark('to-vectors', { ...without(view), sort: view.sort }, !covering);
  mark('to-coverage', { ...without(view), show: 'coverage' }, covering);
  get('clear').hidden = !isFiltered(view);
  press();
  if (covering) get('shown').textContent = coverage.show(view);
  else showList();
}

/** One of the links between list and table. */
function mark(id: string, to: View, current: boolean): void {
  const link = document.querySelector(`#${id}`);
  link?.setAttribute('href', format(to) || '#');
  if (current) link?.setAttribute('aria-current', 'page');
  else link?.removeAttribute('aria-current');
}

/** The view with nothing open, as the list shows it. */
function without({ show: _, open: __, requirement: ___, ...rest }: View): View {
  return rest;
}

function showList(): void {
  const results = select(data.results, view);
  shown = results.length;
  list.show(results, view.open);
  const all = thousands(data.results.length);
  get('shown').textContent = shown === data.results.length ? `all ${all}` : `${thousands(shown)} of ${all}`;
  if (search.value !== view.search) search.value = view.search;
  sort.value = view.sort;
}

function press(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-verdict]')) {
    const { verdict } = button.dataset;
    button.setAttribute('aria-pressed', String(view.verdicts.includes(verdict as Verdict)));
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-module]')) {
    const { module, section } = button.dataset;
    button.setAttribute('aria-pressed', String(module === view.module && section === view.section));
  }
}

/** Where a view is in the history: a step of its own, or instead of the present one. */
function record(step: 'push' | 'replace'): void {
  const url = format(view) || location.pathname + location.search;
  if (step === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
}

function filter(change: Partial<View>, step: 'push' | 'replace' = 'push'): void {
  const { open: _, requirement: __, ...rest } = view;
  show({ ...rest, ...change });
  record(step);
  const top = get('results');
  if (top.getBoundingClientRect().top < 0) top.scrollIntoView();
}

function toggleVerdict(verdict: Verdict): void {
  const { verdicts } = view;
  view = without(view);
  filter({ verdicts: verdicts.includes(verdict) ? verdicts.filter((one) => one !== verdict) : [...verdicts, verdict] });
}

function toggleSection(module: string, section: string | undefined): void {
  const { module: _, section: __, ...rest } = view;
  const same = view.module === module && view.section === section;
  view = rest;
  filter(same ? {} : { module, ...(section === undefined ? {} : { section }) });
}

function toggleResult(id: string): void {
  const { open, ...rest } = view;
  view = open === id ? rest : { ...rest, open: id };
  list.open(view.open);
  record('push');
}

function toggleSectionOfDocumentation(key: string): void {
  const { open, requirement: _, ...rest } = view;
  view = open === key ? rest : { ...rest, open: key };
  coverage.open(view.open);
  record('push');
}

async function copy(button: HTMLElement, source: string): Promise<void> {
  const from = source === 'previous' ? button.previousElementSibling : get(source);
  let done = 'Copied';
  try {
    await navigator.clipboard.writeText(from?.textContent ?? '');
  } catch {
    getSelection()?.selectAllChildren(from ?? button);
    done = 'Selected';
  }
  button.textContent = done;
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
}

function clicked({ target }: MouseEvent): void {
  const button = (target as Element).closest('button');
  if (!button) return;
  const { verdict, module, section, id, copy: copied, documented } = button.dataset;
  if (verdict) toggleVerdict(verdict as Verdict);
  else if (module) toggleSection(module, section);
  else if (id) toggleResult(id);
  else if (documented) toggleSectionOfDocumentation(documented);
  else if (copied) void copy(button, copied);
  else if (button.id === 'clear') clear();
}

function clear(): void {
  const { show: kept } = view;
  show({ ...EVERYTHING, sort: view.sort, ...(kept ? { show: kept } : {}) });
  record('push');
  document.querySelector<HTMLElement>(kept ? '#to-coverage' : '#search')?.focus();
}

function pressed(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const typing = target.matches('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'Escape' && view.open !== undefined && !typing) {
    if (view.show === 'coverage') toggleSectionOfDocumentation(view.open);
    else toggleResult(view.open);
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && target.matches('.row h3 > button')) {
    event.preventDefault();
    list.step(target, event.key === 'ArrowDown' ? 1 : -1);
  }
}

function goTo(): void {
  show(parse(location.hash));
  if (view.show !== 'coverage') list.reveal();
  else if (view.open !== undefined) coverage.reveal();
}

themeButton(get('theme'));
for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) button.hidden = false;
document.addEventListener('click', clicked);
get('skip').addEventListener('click', (event) => {
  event.preventDefault();
  get('results').focus();
});
document.addEventListener('keydown', pressed);
search.addEventListener('input', () => filter({ search: search.value }, 'replace'));
sort.addEventListener('change', () => filter({ sort: sort.value as Sort }));
addEventListener('hashchange', goTo);
addEventListener('beforeprint', () => {
  if (shown <= MOST_ON_PAPER) list.fillAll();
});
goTo();
document.documentElement.classList.add('live');
