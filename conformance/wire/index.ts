/** Runs the wire suites against a server. */
import type { Result, Results, Target } from '../../reports/model.js';
import { credentials } from '../controller/index.js';
import { inapplicableResult, type Reporting, resultOf, summarize } from '../controller/result.js';
import type { Plan, Vector } from '../plan.js';
import { performOnServer } from './perform.js';
import type { WireTarget } from './target.js';

export interface WireRun {
  plan: Plan;
  /** Each suite's vectors with the server they are for. */
  batches: { vectors: Vector[]; server(): Promise<WireTarget> }[];
  target: Target;
  /** Connections side by side. */
  jobs: number;
  /** SHOULD and MAY count as MUST. */
  strict: boolean;
  command: string;
  reproduce(id: string): string;
  signal: AbortSignal;
  onResult(result: Result, done: number, total: number): void;
}

/** Whatever the server does costs verdicts only. */
export async function runWire(run: WireRun): Promise<Results> {
  const startedAt = new Date();
  const started = performance.now();
  const total = run.batches.reduce((sum, { vectors }) => sum + vectors.length, 0);
  const results: Result[] = [];
  for (const batch of run.batches) {
    const found = new Map<string, Result>();
    await side(batch.vectors, run, async (vector) => {
      const result = await judged(vector, await batch.server(), run);
      found.set(vector.id, result);
      run.onResult(result, results.length + found.size, total);
    });
    results.push(...batch.vectors.flatMap(({ id }) => found.get(id) ?? []));
  }
  return {
    format: 1,
    suite: { name: 'http-plumbline', version: run.plan.version },
    target: run.target,
    startedAt: startedAt.toISOString(),
    command: run.command,
    ...(results.length < total ? { partial: true } : {}),
    summary: summarize(results, performance.now() - started),
    results,
  };
}

async function side(vectors: Vector[], { jobs, signal }: WireRun, perform: (vector: Vector) => Promise<void>) {
  const queue = [...vectors];
  const work = async () => {
    for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) await perform(next);
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

const shared = credentials();

async function judged(vector: Vector, target: WireTarget, { strict, reproduce }: WireRun): Promise<Result> {
  const reporting: Reporting = { requirements: new Map(), reproduce };
  if (vector.wire?.echo && !target.echo)
    return inapplicableResult(vector, 'needs a server that answers with what it has read', reporting);
  const result = resultOf(vector, await performOnServer(vector, target, shared), reporting);
  const level = vector.wire?.level ?? 'MUST';
  if (strict || level === 'MUST' || !['fail', 'timeout'].includes(result.verdict)) return result;
  return { ...result, expected: { verdict: result.verdict, reason: `${level}: reported, not required` } };
}
