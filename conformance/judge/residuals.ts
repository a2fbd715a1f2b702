/**
 * What is left of a pattern after a line has been taken from it: Brzozowski's derivatives, with shuffle for any-order.
 *
 * A residual is interned, so that two that say the same are the same object: columns are sorted, sequences lean to the
 * right, what is empty falls away. A pattern of some thirty lines stays at a handful of residuals however its columns
 * interleave, since the order in which columns advanced leaves no mark.
 */

import type { Pattern } from '../plan.js';
import type { PatternLine } from './lines.js';

export type Residual = { readonly id: number /** Nothing more has to happen. */; readonly complete: boolean } & (
  | { readonly p: 'empty' }
  | { readonly p: 'line'; readonly line: PatternLine; readonly min: number; readonly max: number | null }
  | { readonly p: 'seq'; readonly head: Residual; readonly tail: Residual }
  | { readonly p: 'shuffle'; readonly columns: readonly Residual[] }
);

/** One way to take a line. */
export interface Taken {
  line: PatternLine;
  rest: Residual;
}

/** A pattern line that has to happen, and how often still. */
export interface Required {
  line: PatternLine;
  count: number;
}

/** A way to take a line by leaving out what should have come before it. */
export interface Leap extends Taken {
  dropped: Required[];
}

/** A line that may come next. */
export interface Next {
  line: PatternLine;
  required: boolean;
}

type Shape = Residual extends infer R ? (R extends Residual ? Omit<R, 'id' | 'complete'> : never) : never;

export class Residuals {
  readonly #interned = new Map<string, Residual>();
  readonly #lines = new Map<string, PatternLine>();
  readonly #empty = this.#intern('empty', { p: 'empty' }, true);

  /** @returns the residual of a pattern of which nothing has been taken. */
  of(pattern: Pattern): Residual {
    switch (pattern.p) {
      case 'line':
        return this.#line(this.#same(pattern), pattern.min, pattern.max);
      case 'seq':
        return pattern.items.reduceRight((tail, item) => this.#seq(this.of(item), tail), this.#empty);
      case 'any-order':
        return this.#shuffle(pattern.columns.map((column) => this.of(column)));
    }
  }

  /** @returns every way in which the next line can be taken. */
  take(residual: Residual, fits: (line: PatternLine) => boolean): Taken[] {
    switch (residual.p) {
      case 'empty':
        return [];
      case 'line':
        return fits(residual.line) ? [{ line: residual.line, rest: this.#once(residual) }] : [];
      case 'seq': {
        const { head, tail } = residual;
        const taken = this.take(head, fits).map(({ line, rest }) => ({ line, rest: this.#seq(rest, tail) }));
        return head.complete ? [...taken, ...this.take(tail, fits)] : taken;
      }
      case 'shuffle':
        return this.#distinct(residual.columns).flatMap((i) =>
          this.take(residual.columns[i]!, fits).map(({ line, rest }) => ({
            line,
            rest: this.#shuffle(residual.columns.with(i, rest)),
          })),
        );
    }
  }

  /** @returns the way to take the line that leaves out the fewest others; null when there is none. */
  leap(residual: Residual, fits: (line: PatternLine) => boolean): Leap | null {
    switch (residual.p) {
      case 'empty':
        return null;
      case 'line':
        return fits(residual.line) ? { line: residual.line, rest: this.#once(residual), dropped: [] } : null;
      case 'seq': {
        const { head, tail } = residual;
        const within = this.leap(head, fits);
        if (within?.dropped.length === 0) return { ...within, rest: this.#seq(within.rest, tail) };
        const beyond = this.leap(tail, fits);
        const skipped = required(head);
        if (beyond && (!within || skipped.length + beyond.dropped.length < within.dropped.length))
          return { ...beyond, dropped: [...skipped, ...beyond.dropped] };
        return within && { ...within, rest: this.#seq(within.rest, tail) };
      }
      case 'shuffle': {
        let best: Leap | null = null;
        for (const i of this.#distinct(residual.columns)) {
          const leap = this.leap(residual.columns[i]!, fits);
          if (!leap || (best && best.dropped.length <= leap.dropped.length)) continue;
          best = { ...leap, rest: this.#shuffle(residual.columns.with(i, leap.rest)) };
        }
        return best;
      }
    }
  }

  #once({ line, min, max }: Extract<Residual, { p: 'line' }>): Residual {
    return this.#line(line, Math.max(0, min - 1), max === null ? null : max - 1);
  }

  #line(line: PatternLine, min: number, max: number | null): Residual {
    if (max === 0) return this.#empty;
    return this.#intern(`${this.#key(line)} ${min} ${max}`, { p: 'line', line, min, max }, min === 0);
  }

  #seq(head: Residual, tail: Residual): Residual {
    if (head.p === 'empty') return tail;
    if (tail.p === 'empty') return head;
    if (head.p === 'seq') return this.#seq(head.head, this.#seq(head.tail, tail));
    return this.#intern(`${head.id}, ${tail.id}`, { p: 'seq', head, tail }, head.complete && tail.complete);
  }

  #shuffle(parts: Residual[]): Residual {
    const columns = parts
      .flatMap((part) => (part.p === 'shuffle' ? part.columns : part.p === 'empty' ? [] : [part]))
      .sort((a, b) => a.id - b.id);
    if (columns.length < 2) return columns[0] ?? this.#empty;
    const key = columns.map(({ id }) => id).join(' | ');
    const complete = columns.every((column) => column.complete);
    return this.#intern(key, { p: 'shuffle', columns }, complete);
  }

  /** Columns that say the same are tried once: they lead to the same residuals. */
  #distinct(columns: readonly Residual[]): number[] {
    return columns.flatMap((column, i) => (column === columns[i - 1] ? [] : [i]));
  }

  #key({ line: _, ...said }: PatternLine): string {
    return JSON.stringify(said);
  }

  /** Pattern lines that say the same are one, wherever they stand. */
  #same(line: PatternLine): PatternLine {
    const key = this.#key(line);
    const known = this.#lines.get(key);
    if (!known) this.#lines.set(key, line);
    return known ?? line;
  }

  #intern(key: string, shape: Shape, complete: boolean): Residual {
    const known = this.#interned.get(key);
    if (known) return known;
    const residual = { id: this.#interned.size, complete, ...shape } as Residual;
    this.#interned.set(key, residual);
    return residual;
  }
}

/** @returns what has to happen still, in the order it is written. */
export function required(residual: Residual): Required[] {
  switch (residual.p) {
    case 'empty':
      return [];
    case 'line':
      return residual.min > 0 ? [{ line: residual.line, count: residual.min }] : [];
    case 'seq':
      return [...required(residual.head), ...required(residual.tail)];
    case 'shuffle':
      return residual.columns.flatMap(required);
  }
}

/** @returns the lines that may come next, those that must among them. */
export function next(residual: Residual): Next[] {
  switch (residual.p) {
    case 'empty':
      return [];
    case 'line':
      return [{ line: residual.line, required: residual.min > 0 }];
    case 'seq':
      return residual.head.complete ? [...next(residual.head), ...next(residual.tail)] : next(residual.head);
    case 'shuffle':
      return residual.columns.flatMap(next);
  }
}
