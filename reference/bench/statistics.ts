// What a few noisy figures say, and whether they say anything.

export interface Summary {
  readonly median: number;
  /** Quartiles: half of the figures lie between them. */
  readonly lower: number;
  readonly upper: number;
  readonly least: number;
  readonly greatest: number;
}

/**
 * How the reference stands to Node's own: `inconclusive` when pairs are so few, or disagree so much, that chance explains
 * them as well. `within` and
 * `beyond` are for figures that have a bound of their own.
 */
export type Conclusion = 'better' | 'worse' | 'even' | 'inconclusive' | 'within' | 'beyond';

/** Ratios so near to 1 are no difference. */
const EVEN = 0.03;

/** How often chance may make pairs agree for what they say to count: the level of a two-sided sign test. */
const LEVEL = 0.05;

/** @throws RangeError without figures */
export function summarize(figures: readonly number[]): Summary {
  if (figures.length === 0) throw new RangeError('There are no figures to summarize');
  const sorted = figures.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
    least: sorted[0]!,
    greatest: sorted.at(-1)!,
  };
}

/** Below which so much (0 to 1) of the figures lies, between two figures by their distance. */
function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
}

/**
 * What ratios of pairs, reference to Node, say.
 *
 * @param better - which way is better
 */
export function conclude(ratios: readonly number[], better: 'higher' | 'lower'): Conclusion {
  const { lower, upper } = summarize(ratios);
  const above = ratios.filter((ratio) => ratio > 1).length;
  const most = Math.max(above, ratios.length - above);
  // Chance cannot be told from pairs that are so few.
  if (signTest(ratios.length, ratios.length) > LEVEL) return 'inconclusive';
  if (lower >= 1 - EVEN && upper <= 1 + EVEN) return 'even';
  if (signTest(most, ratios.length) > LEVEL) return 'inconclusive';
  return (above === most) === (better === 'higher') ? 'better' : 'worse';
}

/** How likely it is that so many of all coins, or more, fall on the same side. */
function signTest(most: number, all: number): number {
  let ways = 0;
  let choices = 1;
  for (let other = 0; other <= all - most; other++) {
    ways += choices;
    choices = (choices * (all - other)) / (other + 1);
  }
  return Math.min(1, (2 * ways) / 2 ** all);
}
