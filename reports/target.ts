/** How a target is called in headlines. */

import type { Target } from './model.js';

/**
 * `bun` with `1.3.1`, or, when something else than the runtime's own modules was tested, `stub` with `on node 20.20.2`.
 */
export function headline({ id, name, version }: Target): { name: string; detail: string } {
  const own = id === name || id.startsWith(`${name}@`);
  return own ? { name, detail: version } : { name: id, detail: `on ${name} ${version}` };
}
