/** Trace labels, counts, quantifiers and durations: the small texts of waits, traces and peers. */
import { Slip } from './faults.js';

/** `req close` (event), `written()` (callback), `note`; a peer's mark looks like an event. */
export interface Label {
  text: string;
  kind: 'event' | 'callback' | 'note';
  /** The object, the callback, or `note`. */
  name: string;
  /** The event, or a peer's mark. */
  event: string;
}

const EVENT = /^([A-Za-z_$][\w$-]*) ([\w$:.-]+)$/;
const CALLBACK = /^([A-Za-z_$][\w$-]*)\(\)$/;

export function parseLabel(text: string): Label {
  if (text === 'note') return { text, kind: 'note', name: 'note', event: '' };
  const callback = CALLBACK.exec(text);
  if (callback) return { text, kind: 'callback', name: callback[1]!, event: '' };
  const event = EVENT.exec(text);
  if (event) return { text, kind: 'event', name: event[1]!, event: event[2]! };
  if (/^[\w$]+[.[(].* [\w$:-]+$/.test(text))
    throw new Slip(
      `${JSON.stringify(text)}: an object that is waited for or watched needs a name of its own: bind it with let`,
    );
  throw new Slip(`${JSON.stringify(text)} is no label: write "NAME EVENT", "CALLBACK()" or "note"`);
}

export interface Times {
  min: number;
  /** null: no limit. */
  max: number | null;
}

/** A label with `+`, `*`, `?` or `x 3` behind it. */
export function parseCounted(text: string): { label: Label; times: Times; written: boolean } {
  const sign = / ?([+*?])$/.exec(text);
  if (sign) {
    const times = { '+': { min: 1, max: null }, '*': { min: 0, max: null }, '?': { min: 0, max: 1 } }[
      sign[1] as '+' | '*' | '?'
    ];
    return { label: parseLabel(text.slice(0, sign.index)), times, written: true };
  }
  const count = / x (\d+)$/.exec(text);
  if (count) {
    const n = Number(count[1]);
    if (n === 0) throw new Slip('"x 0": what must not happen is left out', count.index);
    return { label: parseLabel(text.slice(0, count.index)), times: { min: n, max: n }, written: true };
  }
  return { label: parseLabel(text), times: { min: 1, max: 1 }, written: false };
}

/** Milliseconds of `50ms`, `2s`, `1.5s`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const duration = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  return duration ? Number(duration[1]) * (duration[2] === 's' ? 1000 : 1) : undefined;
}
