/**
 * The list of results. It lies in the page in chunks that are filled when they come near the window, so that ten
 * thousand results cost no more than a screenful.
 */

import type { Result } from '../../model.js';
import { duration } from '../../text.js';
import { explain, isExpected, isSurprise, LABELS } from '../../verdicts.js';
import { h, svg } from './dom.js';

const CHUNK = 50;
/** Heights of closed rows in pixels, as the style sheet makes them on a wide screen: a guess that may be wrong. */
const ROW = 30;
const ROW_WITH_REASON = 50;

export class List {
  readonly #root: HTMLElement;
  readonly #detail: (result: Result) => HTMLElement;
  readonly #chunks = new Map<Element, readonly Result[]>();
  readonly #results = new WeakMap<Element, Result>();
  readonly #observer: IntersectionObserver;
  #open: string | undefined;

  /** @param detail Makes what an open row shows. */
  constructor(root: HTMLElement, detail: (result: Result) => HTMLElement) {
    this.#root = root;
    this.#detail = detail;
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) this.#fill(target);
      },
      { rootMargin: '1200px 0px' },
    );
  }

  show(results: readonly Result[], open: string | undefined): void {
    this.#observer.disconnect();
    this.#chunks.clear();
    this.#open = open;
    const chunks: HTMLElement[] = [];
    for (let start = 0; start < results.length; start += CHUNK) {
      const members = results.slice(start, start + CHUNK);
      const height = members.reduce((sum, result) => sum + (explain(result) ? ROW_WITH_REASON : ROW), 0);
      const chunk = h('ol', { class: 'rows', start: start + 1, style: `min-height:${height}px` });
      this.#chunks.set(chunk, members);
      chunks.push(chunk);
    }
    this.#root.replaceChildren(...(chunks.length > 0 ? chunks : [h('p', { class: 'empty' }, 'No vector matches.')]));
    for (const chunk of chunks) this.#observer.observe(chunk);
    if (chunks[0]) this.#fill(chunks[0]);
  }

  /** Opens one result, or none, without moving what the reader looks at. */
  open(id: string | undefined): void {
    const button = id === undefined ? undefined : this.#button(id);
    const before = button?.getBoundingClientRect().top;
    const last = this.#open === undefined ? undefined : this.#button(this.#open);
    this.#open = id;
    const row = last?.closest('li');
    if (row) this.#draw(row, false);
    const next = button?.closest('li');
    if (next) this.#draw(next, true);
    if (button && before !== undefined) window.scrollBy(0, button.getBoundingClientRect().top - before);
  }

  /** Moves the open result into the window, wherever it is in the list. */
  reveal(): void {
    for (const [chunk, members] of this.#chunks) {
      if (!members.some(({ id }) => id === this.#open)) continue;
      this.#fill(chunk);
      const button = this.#button(this.#open!);
      button?.closest('li')?.scrollIntoView();
      button?.focus({ preventScroll: true });
    }
  }

  /** Focuses the row so many rows further. */
  step(from: Element, by: 1 | -1): void {
    const buttons = [...this.#root.querySelectorAll<HTMLElement>('.row > h3 > button')];
    buttons[buttons.indexOf(from.closest('li')!.querySelector<HTMLElement>('h3 > button')!) + by]?.focus();
  }

  /** For paper: everything is written out. */
  fillAll(): void {
    for (const chunk of this.#chunks.keys()) this.#fill(chunk);
  }

  #button(id: string): HTMLElement | undefined {
    return this.#root.querySelector<HTMLElement>(`button[data-id="${CSS.escape(id)}"]`) ?? undefined;
  }

  #fill(chunk: Element): void {
    this.#observer.unobserve(chunk);
    const members = this.#chunks.get(chunk);
    if (!members || chunk.firstChild) return;
    chunk.append(...members.map((result) => this.#row(result)));
    chunk.removeAttribute('style');
  }

  #row(result: Result): HTMLLIElement {
    const line = explain(result);
    const open = result.id === this.#open;
    const row = h(
      'li',
      { class: `row ${result.verdict}` },
      h(
        'h3',
        {},
        h(
          'button',
          { type: 'button', 'data-id': result.id, 'aria-expanded': String(open) },
          h(
            'span',
            { class: 'verdict' },
            svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `#v-${result.verdict}` })),
            LABELS[result.verdict],
          ),
          h(
            'span',
            { class: 'title' },
            h('span', { class: 'text' }, result.title),
            isExpected(result) && h('span', { class: 'tag' }, 'expected'),
            isSurprise(result) && h('span', { class: 'tag' }, 'unexpected'),
          ),
          h('span', { class: 'id' }, result.id),
          h('span', { class: 'ms' }, duration(result.ms)),
          line !== '' && h('span', { class: 'why' }, line),
        ),
      ),
    );
    this.#results.set(row, result);
    if (open) this.#draw(row, true);
    return row;
  }

  #draw(row: HTMLElement, open: boolean): void {
    const result = this.#results.get(row)!;
    row.classList.toggle('open', open);
    row.querySelector('button')!.setAttribute('aria-expanded', String(open));
    row.querySelector(':scope > .detail')?.remove();
    if (open) row.append(this.#detail(result));
  }
}
