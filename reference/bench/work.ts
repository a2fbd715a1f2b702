// What most scenarios measure: how much is done in some time, and what CPU time it takes.

import type { Program } from './program.js';
import type { Metric, Sample } from './scenario.js';

/** Work done in some seconds, and the CPU seconds that it took: what most scenarios measure. */
export interface Work {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** The figures of `workMetrics()`; and how busy its core was, 0 to 1: far below 1, the rate was not for it to decide. */
export function workSample({ count, seconds, cpuSeconds }: Work): Sample {
  return { rate: count / seconds, perCpu: count / cpuSeconds, busy: cpuSeconds / seconds };
}

/** Metrics of work: for each second, and for each second of CPU time, which is steadier beside other programs. */
export function workMetrics(unit: string): Readonly<Record<string, Metric>> {
  return {
    rate: { unit: `${unit}/s`, better: 'higher' },
    perCpu: { unit: `${unit}/CPU s`, better: 'higher' },
  };
}

/** Has `load` work a server for some seconds. The server answers `cpu`, the load says what it has done. */
export async function serverWork(server: Program, load: Program, seconds: number): Promise<Work> {
  const before = await server.ask<{ cpuSeconds: number }>('cpu');
  const done = await load.ask<Omit<Work, 'cpuSeconds'>>({ seconds });
  const after = await server.ask<{ cpuSeconds: number }>('cpu');
  return { ...done, cpuSeconds: after.cpuSeconds - before.cpuSeconds };
}
