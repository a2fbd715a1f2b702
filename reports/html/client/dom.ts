/** Elements in one expression. */

import { visible } from '../../text.js';

export type Child = Node | string | undefined | false;

export type Attributes = { [name: string]: string | number | boolean | undefined };

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** The element of the page with this id, which the page is known to have. */
export function get<E extends Element = HTMLElement>(id: string): E {
  return document.querySelector<E>(`#${id}`)!;
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  for (const child of children) {
    if (typeof child === 'string') element.append(visible(child));
    else if (child) element.append(child);
  }
  return element;
}
