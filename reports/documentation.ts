/** What documented sections come to. */

import type { DocumentedRequirement, DocumentedSection } from './model.js';

export interface DocumentedCounts {
  requirements: number;
  /** Requirements that a vector of the suite covers. */
  covered: number;
  /** Requirements with a disputed vector at least. */
  disputed: number;
  /** Requirements for which there can be no vector. */
  untestable: number;
  /** Requirements with neither a vector nor a reason why there is none. */
  uncovered: number;
}

export function countDocumented(sections: readonly DocumentedSection[]): DocumentedCounts {
  const all = sections.flatMap(({ requirements }) => requirements);
  const number = (test: (requirement: DocumentedRequirement) => boolean): number => all.filter(test).length;
  return {
    requirements: all.length,
    covered: number(({ vectors }) => vectors > 0),
    disputed: number(({ disputed }) => disputed > 0),
    untestable: number(({ untestable }) => untestable !== undefined),
    uncovered: number(({ vectors, untestable }) => vectors === 0 && untestable === undefined),
  };
}
