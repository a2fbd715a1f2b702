/** What happened, in order, and who waits for it. */
import type { Line, Seen } from '../plan.js';

/** A line without its time. */
export type Happening = Line extends infer L ? (L extends Line ? Omit<L, 't'> : never) : never;

/** A waiter: resolved when its label has happened that many times in all. */
interface Waiter {
  label: string;
  target: number;
  resolve(): void;
}

/** Beyond this an implementation floods: further lines are counted, not kept. */
const MAX_LINES = 20_000;

export class Trace {
  readonly lines: Line[] = [];
  readonly #started = performance.now();
  readonly #counts = new Map<string, number>();
  readonly #used = new Map<string, number>();
  #waiters: Waiter[] = [];
  readonly #onLabel: (label: string) => void;

  /** @param onLabel - told of every label that happens, traced or not. */
  constructor(onLabel: (label: string) => void) {
    this.#onLabel = onLabel;
  }

  /** Milliseconds since the vector's start. */
  now(): number {
    return Math.round((performance.now() - this.#started) * 1000) / 1000;
  }

  add(line: Happening): void {
    if (this.lines.length < MAX_LINES) this.lines.push({ t: this.now(), ...line } as Line);
  }

  /** A label happens: a trace line if `data` is given, and whoever waits for it goes on. */
  happen(label: string, kind: 'event' | 'callback' | 'note', data: Seen[] | undefined): void {
    if (data) this.add({ k: kind, label, data });
    const count = this.count(label) + 1;
    this.#counts.set(label, count);
    this.#onLabel(label);
    const due = this.#waiters.filter((waiter) => waiter.label === label && waiter.target <= count);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const waiter of due) waiter.resolve();
  }

  count(label: string): number {
    return this.#counts.get(label) ?? 0;
  }

  /** Uses up `times` occurrences of the label; a promise when they have not all happened yet. */
  use(label: string, times: number): Promise<void> | undefined {
    const target = (this.#used.get(label) ?? 0) + times;
    this.#used.set(label, target);
    return this.reach(label, target);
  }

  /** Until the label has happened that many times since the start. */
  reach(label: string, target: number): Promise<void> | undefined {
    if (this.count(label) >= target) return undefined;
    return new Promise((resolve) => this.#waiters.push({ label, target, resolve }));
  }

  /** The labels that somebody waits for. */
  awaited(): string[] {
    return [...new Set(this.#waiters.map((waiter) => waiter.label))];
  }
}
