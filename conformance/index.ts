/** http-plumbline from a script. */
import { availableParallelism } from 'node:os';
import type { Result, Results } from '../reports/model.js';
import { bundled } from './bundled.js';
import { runVectors } from './controller/index.js';
import { type Selection, select } from './selection.js';
import { resolveTarget } from './targets/index.js';

export type { Failure, Result, Results, Summary, Target, TraceRow, TranscriptLine, Verdict } from '../reports/model.js';

export interface RunRequest extends Selection {
  /** `node` (this one, the default), `node@X` (newest of that major), `node@X.Y.Z`, `bun[@X.Y.Z]`, `deno[@X.Y.Z]` or `stub`. */
  target?: string;
  /** File of a module in place of node:http. */
  http?: string;
  /** File of a module in place of node:http2. */
  http2?: string;
  /** Install a runtime that is missing; default true. */
  install?: boolean;
  /** Executors side by side, at least 1; default: one for each core. */
  jobs?: number;
  /** Stop at the first failure; default false. */
  bail?: boolean;
  /** Ends the run; what has been obtained is returned with `partial: true`. */
  signal?: AbortSignal;
  /** Told of each result as it comes. */
  onResult?(result: Result, done: number, total: number): void;
}

/**
 * Runs the package's vectors against a target.
 * @throws TargetFault when there is no such target or it cannot be installed
 * @throws SelectionFault when a filter matches no vector
 * @throws StartFault when the runtime does not start
 */
export async function run(request: RunRequest = {}): Promise<Results> {
  const plan = bundled();
  const launch = await resolveTarget(request.target ?? 'node', {
    ...(request.http === undefined ? {} : { http: request.http }),
    ...(request.http2 === undefined ? {} : { http2: request.http2 }),
    install: request.install ?? true,
    log: () => {},
  });
  return runVectors({
    launch,
    plan,
    vectors: select(plan, request),
    jobs: request.jobs ?? availableParallelism(),
    bail: request.bail ?? false,
    command: `run(${JSON.stringify(request)})`,
    signal: request.signal ?? new AbortController().signal,
    onResult: (result, done, total) => request.onResult?.(result, done, total),
  });
}
