/** Several runs of the same selection: which verdicts changed, and what the report says. */
import { FAILING, type Result, type Results } from '../../reports/model.js';
import { summarize } from '../controller/result.js';

/** A vector that did not always come out the same. */
export interface Change {
  id: string;
  /** Outcome and the runs in which it was seen, from 1: `fail` in 3 and 7. */
  outcomes: Map<string, number[]>;
}

/** Gathers the runs one by one, keeping of each no more than is told in the end. */
export class Repetition {
  readonly #asked: number;
  #runs = 0;
  #first: Results | undefined;
  #ms = 0;
  #partial = false;
  readonly #outcomes = new Map<string, Map<string, number[]>>();
  /** The first result of a vector that is worse than its first one. */
  readonly #worse = new Map<string, Result>();

  /** @param asked how many runs there are to be */
  constructor(asked: number) {
    this.#asked = asked;
  }

  /** Runs that were asked for. */
  get asked(): number {
    return this.#asked;
  }

  /** Runs gathered so far. */
  get runs(): number {
    return this.#runs;
  }

  add(results: Results): void {
    this.#runs++;
    this.#ms += results.summary.ms;
    this.#partial ||= results.partial === true;
    const first = new Map(this.#first?.results.map((result) => [result.id, result]));
    this.#first ??= results;
    for (const result of results.results) {
      this.#record(result);
      const earlier = first.get(result.id);
      if (earlier && !this.#worse.has(result.id) && rank(result) > rank(earlier))
        this.#worse.set(result.id, { ...result, reason: `run ${this.#runs}: ${result.reason ?? result.verdict}` });
    }
  }

  #record(result: Result): void {
    const outcomes = this.#outcomes.get(result.id) ?? new Map<string, number[]>();
    const outcome = result.shows ? `${result.verdict} (as ${result.shows})` : result.verdict;
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), this.#runs]);
    this.#outcomes.set(result.id, outcomes);
  }

  /** Vectors that did not always come out the same. */
  changes(): Change[] {
    return [...this.#outcomes].map(([id, outcomes]) => ({ id, outcomes })).filter(({ outcomes }) => outcomes.size > 1);
  }

  /** The first run's results, with the failure of a later run in place of what passed at first. */
  report(): Results {
    if (!this.#first) throw new RangeError('no run was added');
    const results = this.#first.results.map((result) => this.#worse.get(result.id) ?? result);
    const partial = this.#partial || this.#runs < this.#asked;
    return {
      ...this.#first,
      ...(partial ? { partial } : {}),
      summary: summarize(results, this.#ms),
      results,
    };
  }
}

/** What a reader of the report should rather see. */
function rank({ verdict }: Result): number {
  if (verdict === 'error') return 2;
  return FAILING.includes(verdict) ? 1 : 0;
}
