/** Vectors and recordings for the judge's tests, no longer than what matters in them. */

import type {
  CheckItem,
  Expected,
  Line,
  Matcher,
  Path,
  Pattern,
  PeerScript,
  PeerStep,
  PeerStepBody,
  Recording,
  Seen,
  Step,
  StepBody,
  Vector,
} from '../../plan.js';
import type { TraceLine } from '../lines.js';

type LinePattern = Extract<Pattern, { p: 'line' }>;

export const UNDEFINED: Seen = { $: 'undefined' };

export function path(text: string): Path {
  return { root: text.split('.')[0]!, steps: [], text };
}

export function vector(partial: Partial<Vector> = {}): Vector {
  return {
    id: 'http.x',
    title: 'X',
    covers: [],
    module: 'http',
    section: 'x',
    file: 'http/x.yaml',
    line: 1,
    needs: [],
    depends: [],
    exclusive: false,
    timeout: 10_000,
    settle: 20,
    uses: ['http'],
    peers: [],
    observe: [],
    steps: [],
    expects: {},
    signals: [],
    exports: [],
    ...partial,
  };
}

export function recording(lines: Line[], partial: Partial<Recording> = {}): Recording {
  return { ms: 100, lines, peers: [], exports: {}, end: 'done', ...partial };
}

/** A step on the source line that is ten times its number. */
export function step(n: number, body: StepBody, text: string = body.op): Step {
  return { n, line: n * 10, text, ...body };
}

export function check(n: number, items: { [expression: string]: Matcher }): Step {
  const checkItem = ([text, matcher]: [string, Matcher]): CheckItem => ({
    expression: { left: path(text), text },
    matcher,
  });
  return step(n, { op: 'check', items: Object.entries(items).map(checkItem) });
}

export function call(
  n: number,
  text: string,
  expects: { throws?: Matcher; rejects?: Matcher; returns?: Matcher },
): Step {
  return step(n, { op: 'call', path: path(text), args: [], ...expects }, text);
}

export function peer(...script: PeerStep[]): PeerScript {
  return { name: 'peer', kind: 'http1-server', script };
}

export function peerStep(n: number, body: PeerStepBody, text: string = body.op): PeerStep {
  return { n, line: n * 10, text, ...body };
}

export function receive(n: number, what: Expected): PeerStep {
  return peerStep(n, { op: 'receive', what }, `receive ${what.kind}`);
}

export function peerSaw(...lines: Line[]): Pick<Recording, 'peers'> {
  return { peers: [{ name: 'peer', lines, transcript: [] }] };
}

export function event(t: number, label: string, ...data: Seen[]): TraceLine {
  return { t, k: 'event', label, data };
}

/** Events at 1 ms, 2 ms, … */
export function events(...labels: string[]): TraceLine[] {
  return labels.map((label, i) => event(i + 1, label));
}

export function saw(t: number, n: number, value: Seen, item = 0): Line {
  return { t, k: 'saw', n, item, value };
}

export function threw(t: number, n: number, error: Seen | null): Line {
  return { t, k: 'outcome', n, threw: error };
}

export function error(name: string, code: string | undefined, message: string): Seen {
  const classes = [...new Set([name, 'Error'])];
  return { $: 'error', name, ...(code === undefined ? {} : { code }), message, classes, props: {} };
}

/** `a`, `a +`, `a *`, `a ?`, as in a vector's trace. */
export function line(text: string, more: Partial<LinePattern> = {}): LinePattern {
  const [, label, sign] = /^(.*?)(?: ([+*?]))?$/.exec(text)!;
  return {
    p: 'line',
    label: label!,
    min: sign === '*' || sign === '?' ? 0 : 1,
    max: sign === '*' || sign === '+' ? null : 1,
    line: 7,
    ...more,
  };
}

export function seq(...items: (string | Pattern)[]): Pattern {
  return { p: 'seq', items: items.map((item) => (typeof item === 'string' ? line(item) : item)) };
}

export function anyOrder(...columns: (string | Pattern)[][]): Pattern {
  return { p: 'any-order', columns: columns.map((column) => seq(...column)) };
}
