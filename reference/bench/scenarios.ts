// Everything that can be measured.

import picomatch from 'picomatch';
import type { Arguments } from './arguments.js';
import { clientScenarios } from './http/client.js';
import { memoryScenarios } from './http/memory.js';
import { parserScenarios } from './http/parser.js';
import { serverScenarios } from './http/server.js';
import { http2ClientScenarios } from './http2/client.js';
import { http2MemoryScenarios } from './http2/memory.js';
import { http2ServerScenarios } from './http2/server.js';
import type { Scenario } from './scenario.js';

export const scenarios: readonly Scenario[] = [
  ...serverScenarios,
  ...clientScenarios,
  ...parserScenarios,
  ...memoryScenarios,
  ...http2ServerScenarios,
  ...http2ClientScenarios,
  ...http2MemoryScenarios,
];

/** Those that the arguments ask for. `*` stands for anything in one part of a name, `**` for any parts. */
export function selectScenarios(
  all: readonly Scenario[],
  { scenario: globs, module }: Pick<Arguments, 'scenario' | 'module'>,
): Scenario[] {
  const matches = globs.length > 0 ? picomatch([...globs]) : () => true;
  return all.filter(({ name, module: of }) => matches(name) && (module === undefined || of === module));
}
