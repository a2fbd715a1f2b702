/**
 * The documentation as a table: each section with its requirements, these with their vectors and verdicts. A section is
 * written out when it is opened.
 */

import { countDocumented } from '../../documentation.js';
import type { DocumentedRequirement, DocumentedSection, Result, Results } from '../../model.js';
import { VERDICTS } from '../../model.js';
import { thousands } from '../../text.js';
import { type Counts, count, LABELS } from '../../verdicts.js';
import { type Child, h, svg } from './dom.js';
import { documentationLink } from './links.js';
import { EVERYTHING, format, sectionKey, type View } from './view.js';

const COLUMNS = ['Section', 'Requirements', 'Covered', 'Disputed', 'Untestable', 'Vectors passed'];

export class Coverage {
  readonly #root: HTMLElement;
  readonly #sections: readonly DocumentedSection[];
  readonly #results: ReadonlyMap<string, readonly Result[]>;

  constructor(root: HTMLElement, { documentation = [], results }: Results) {
    this.#root = root;
    this.#sections = documentation;
    this.#results = byRequirement(results);
  }

  /** @returns what is shown, in a few words */
  show({ module, section, open, requirement }: View): string {
    const shown = this.#sections.filter(
      (one) => (module === undefined || one.module === module) && (section === undefined || one.anchor === section),
    );
    const modules = [...new Set(shown.map((one) => one.module))];
    const tables = modules.map((name) => this.#table(shown.filter((one) => one.module === name)));
    this.#root.replaceChildren(
      ...(tables.length > 0 ? tables : [h('p', { class: 'empty' }, 'Nothing is documented.')]),
    );
    this.open(open ?? (section !== undefined && shown[0] ? sectionKey(shown[0]) : undefined), requirement);
    const { requirements, covered } = countDocumented(shown);
    return `${thousands(covered)} of ${thousands(requirements)} requirements covered`;
  }

  /** Opens one section, or none, and points out one of its requirements. */
  open(key: string | undefined, requirement?: string): void {
    this.#root.querySelector('.members')?.remove();
    for (const button of this.#root.querySelectorAll<HTMLElement>('button[data-documented]')) {
      const open = button.dataset.documented === key;
      button.setAttribute('aria-expanded', String(open));
      const section = open && this.#sections.find((one) => sectionKey(one) === key);
      if (section) button.closest('tr')!.after(this.#members(section, requirement));
    }
  }

  /** Moves the requirement pointed out, or else the open section, into the window. */
  reveal(): void {
    const button = this.#root.querySelector<HTMLElement>('button[aria-expanded="true"]');
    const place = this.#root.querySelector('.requirement.sought') ?? button?.closest('tr');
    place?.scrollIntoView({ block: place.matches('tr') ? 'start' : 'center' });
    button?.focus({ preventScroll: true });
  }

  #table(sections: readonly DocumentedSection[]): HTMLElement {
    const module = sections[0]!.module;
    const heads = COLUMNS.map((column) => h('th', { scope: 'col' }, column));
    return h(
      'table',
      { class: 'coverage' },
      h('caption', {}, h('strong', { class: 'module' }, module), ` ${sum(sections)}`),
      h('thead', {}, h('tr', {}, ...heads)),
      h('tbody', {}, ...sections.map((section) => this.#row(section))),
    );
  }

  #row(section: DocumentedSection): HTMLElement {
    const { heading, level, requirements, anchor } = section;
    const counts = countDocumented([section]);
    const verdicts = count(this.#vectorsOf(requirements));
    const total = VERDICTS.reduce((all, verdict) => all + verdicts[verdict], 0);
    const name =
      requirements.length > 0
        ? h(
            'button',
            { type: 'button', class: 'opens', 'data-documented': sectionKey(section), 'aria-expanded': 'false' },
            heading,
          )
        : heading;
    const number = (value: number): HTMLElement => h('td', { class: value === 0 ? 'none' : '' }, String(value));
    return h(
      'tr',
      { class: counts.uncovered > 0 ? 'uncovered' : '' },
      h('th', { scope: 'row', style: `padding-left:${(level - 1) * 16 + 8}px`, title: `#${anchor}` }, name),
      number(counts.requirements),
      number(counts.covered),
      number(counts.disputed),
      number(counts.untestable),
      h('td', {}, ...(total > 0 ? [`${verdicts.pass}/${total} `, bar(verdicts)] : [])),
    );
  }

  #vectorsOf(requirements: readonly DocumentedRequirement[]): Result[] {
    return [...new Set(requirements.flatMap(({ id }) => this.#results.get(id) ?? []))];
  }

  #members(section: DocumentedSection, sought: string | undefined): HTMLElement {
    const items = section.requirements.map((requirement) => this.#requirement(requirement, requirement.id === sought));
    return h(
      'tr',
      { class: 'members' },
      h(
        'td',
        { colspan: COLUMNS.length },
        h('p', { class: 'where' }, 'Documentation ', documentationLink(section.module, section.anchor)),
        h('ul', { class: 'requirements' }, ...items),
      ),
    );
  }

  #requirement(requirement: DocumentedRequirement, sought: boolean): HTMLElement {
    const { id, says, untestable, vectors } = requirement;
    const results = this.#results.get(id) ?? [];
    const missing = vectors - results.length;
    const notes: (string | false)[] = [
      untestable !== undefined && `No vector can check this: ${untestable}`,
      untestable === undefined && vectors === 0 && 'No vector checks this yet.',
      missing > 0 && `${missing} more of its vectors ${missing === 1 ? 'was' : 'were'} not run.`,
    ];
    return h(
      'li',
      { class: sought ? 'requirement sought' : 'requirement' },
      h('code', {}, id),
      h('p', {}, says),
      results.length > 0 && h('ul', { class: 'checked' }, ...results.map(vector)),
      ...notes.map((note) => note && h('p', { class: 'where' }, note)),
    );
  }
}

function vector({ id, title, verdict }: Result): HTMLElement {
  return h(
    'li',
    { class: verdict },
    svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `#v-${verdict}` })),
    h('span', { class: 'said' }, LABELS[verdict]),
    ' ',
    h('a', { href: format({ ...EVERYTHING, open: id }), title: id }, title),
  );
}

function sum(sections: readonly DocumentedSection[]): string {
  const { requirements, covered, disputed, untestable, uncovered } = countDocumented(sections);
  const open = uncovered > 0 ? `, ${uncovered} not covered` : '';
  return `${thousands(covered)} of ${thousands(requirements)} requirements covered, ${disputed} disputed, ${untestable} untestable${open}`;
}

function bar(counts: Counts): Child {
  const shown = VERDICTS.filter((verdict) => counts[verdict] > 0);
  const parts = shown.map((verdict) => h('i', { class: verdict, style: `flex-grow:${counts[verdict]}` }));
  const label = shown.map((verdict) => `${LABELS[verdict]} ${counts[verdict]}`).join(', ');
  return h('span', { class: 'bar', role: 'img', 'aria-label': label, title: label }, ...parts);
}

function byRequirement(results: readonly Result[]): Map<string, Result[]> {
  const all = new Map<string, Result[]>();
  for (const result of results) {
    for (const { id } of result.covers) {
      const members = all.get(id);
      if (members) members.push(result);
      else all.set(id, [result]);
    }
  }
  return all;
}
