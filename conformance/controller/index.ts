/** Runs vectors against a target. */
import { readFileSync } from 'node:fs';
import { FAILING, type Result, type Results } from '../../reports/model.js';
import { documentation } from '../coverage.js';
import type { Plan, Runtime, Vector } from '../plan.js';
import type { Launch } from '../targets/launch.js';
import type { Credentials } from './perform.js';
import { performAll } from './pool.js';
import { asOf, block, inapplicable, inapplicableResult, type Reporting, resultOf, summarize } from './result.js';

export interface RunOptions {
  launch: Launch;
  plan: Plan;
  /** Those of the plan's vectors that are to be performed. */
  vectors: Vector[];
  /** Executors side by side. */
  jobs: number;
  /** Stop at the first `fail`, `crash` or `timeout`. */
  bail: boolean;
  /** The command line, for the report. */
  command: string;
  /** Aborted: no further vector starts, and what has been obtained is returned as partial. */
  signal: AbortSignal;
  /** Told of each result as it comes; `blocked` is known at the end only. */
  onResult(result: Result, done: number, total: number): void;
}

/**
 * Performs the vectors and judges them.
 * @throws StartFault when the target does not start at all; whatever an implementation does later costs verdicts only.
 */
export async function runVectors(options: RunOptions): Promise<Results> {
  const { launch, plan, vectors } = options;
  const startedAt = new Date();
  const started = performance.now();
  const reporting: Reporting = {
    requirements: new Map(plan.requirements.map((requirement) => [requirement.id, requirement])),
    reproduce: (id) => `npx plumbline run --target ${launch.id} --filter '${id}'`,
  };
  const results = new Map<string, Result>();
  const bail = new AbortController();
  let runtime: Runtime | undefined;
  const add = (result: Result) => {
    results.set(result.id, result);
    options.onResult(result, results.size, vectors.length);
    if (options.bail && FAILING.includes(result.verdict)) bail.abort();
  };

  await performAll({
    launch,
    jobs: options.jobs,
    credentials: credentials(),
    signal: AbortSignal.any([options.signal, bail.signal]),
    onRuntime(found) {
      runtime = found;
      const judged = launch.follows === undefined ? found : { ...found, node: launch.follows };
      return vectors.flatMap((vector) => {
        const reason = inapplicable(vector, judged, launch.lacks);
        if (reason === undefined) return [asOf(vector, judged)];
        add(inapplicableResult(vector, reason, reporting));
        return [];
      });
    },
    onRecording: (vector, recording) => add(resultOf(vector, recording, reporting)),
  });

  block(results, vectors);
  const ordered = vectors.map(({ id }) => results.get(id)).filter((result) => result !== undefined);
  return {
    format: 1,
    suite: { name: 'http-plumbline', version: plan.version },
    target: {
      id: launch.id,
      name: runtime?.name ?? launch.id,
      version: runtime?.version ?? '',
      ...(runtime ? { node: runtime.node } : {}),
      platform: runtime?.platform ?? '',
    },
    startedAt: startedAt.toISOString(),
    command: options.command,
    ...(ordered.length < vectors.length ? { partial: true } : {}),
    summary: summarize(ordered, performance.now() - started),
    results: ordered,
    documentation: documentation(plan, vectors),
  };
}

/** What TLS peers present. */
export function credentials(): Credentials {
  const fixture = (name: string) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url), 'utf8');
  return { cert: fixture('agent.crt'), key: fixture('agent.key') };
}
