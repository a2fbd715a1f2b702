import type { Results } from '../model.js';

/** The results as they are: the shape of `reports/model.ts`. */
export function renderJson(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
