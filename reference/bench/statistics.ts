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
 * How the reference stands to Node's own: `inconclusive` when the pairs are too few or disagree too much. `within` and
 * `beyond` are for figures that have a bound of their own.
 */
export type Conclusion = 'better' | 'worse' | 'even' | 'inconclusive' | 'within' | 'beyond';

/** With fewer pairs, chance alone would too often make them agree. */
export const MIN_PAIRS = 5;

/** Ratios so near to 1 are no difference. */
const EVEN = 0.03;

/** Quartiles further apart than so much of the median say nothing, unless each single pair says the same. */
const TOO_WIDE = 0.25;

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
  if (ratios.length < MIN_PAIRS) return 'inconclusive';
  const { median, lower, upper, least, greatest } = summarize(ratios);
  const [isAbove, isBelow]: Conclusion[] = better === 'higher' ? ['better', 'worse'] : ['worse', 'better'];
  if (least > 1 + EVEN) return isAbove!;
  if (greatest < 1 - EVEN) return isBelow!;
  if ((upper - lower) / median > TOO_WIDE) return 'inconclusive';
  if (lower >= 1 - EVEN && upper <= 1 + EVEN) return 'even';
  if (lower > 1) return isAbove!;
  if (upper < 1) return isBelow!;
  return 'inconclusive';
}
