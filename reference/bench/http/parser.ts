// Parsers: messages a second that one reads. Only one of their figures matters, since nothing but CPU time is spent.

import type { Scenario } from '../scenario.js';
import { type Work, workMetrics, workSample } from '../work.js';
import type { ParserTask } from './parser-process.js';
import { parserWorkloads } from './parser-workloads.js';

const PROCESS = new URL('./parser-process.js', import.meta.url);

export const parserScenarios: readonly Scenario[] = Object.keys(parserWorkloads).map((workload) => ({
  name: `http/parser/${workload}`,
  module: 'http',
  metrics: { perCpu: workMetrics('messages').perCpu! },
  async start(subject, { launch, seconds, warmUpSeconds }) {
    const parser = launch('measured', PROCESS, { workload, isNodes: subject === 'node' } satisfies ParserTask);
    await parser.ask<Work>({ seconds: warmUpSeconds });
    return async () => workSample(await parser.ask<Work>({ seconds }));
  },
}));
