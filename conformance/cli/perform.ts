/** What `plumbline run` does once its options are read: check, run, compare, write, tell. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { FAILING, type Result, type Results } from '../../reports/model.js';
import { runVectors } from '../controller/index.js';
import {
  applyExpectations,
  type Comparison,
  type Expectation,
  exitStatus,
  idleEntries,
  parseExpectations,
} from '../expectations.js';
import type { Plan, Vector } from '../plan.js';
import { select } from '../selection.js';
import { type Launch, resolveTarget } from '../targets/index.js';
import { loadPlan } from './catalogue.js';
import { commandLine, reproduceWith } from './command-line.js';
import { fileFault, INTERRUPTED_STATUS } from './fault.js';
import type { RunFlags } from './options.js';
import { checkFormats, prepareFolder, writeReport } from './output.js';
import { type Progress, progressOn } from './progress.js';
import { Repetition } from './repeat.js';
import { listenForSignals } from './signals.js';
import { summaryText } from './summary.js';

/** All that is known before the first vector runs. */
interface Preparation {
  flags: RunFlags;
  plan: Plan;
  vectors: Vector[];
  expectations: Expectation[];
  launch: Launch;
}

/**
 * @returns the exit status
 * @throws CliFault, TargetFault, ExpectationsFault before anything has run
 */
export async function run(flags: RunFlags): Promise<number> {
  const preparation = await prepare(flags);
  const progress = progressOn(process.stderr, flags.quiet === true);
  const interruption = listenForSignals(() => progress.end());
  let outcome: Outcome;
  try {
    outcome = await repeat(preparation, progress, interruption.signal);
  } finally {
    progress.end();
    interruption.stop();
  }
  const { results, comparison, repetition } = outcome;
  process.stdout.write(summaryText({ results, comparison, repetition, quiet: flags.quiet === true }));
  const files = writeReport(flags.out, flags.format, results);
  process.stdout.write(`\n${reportText(files)}\n`);
  if (interruption.signal.aborted) return INTERRUPTED_STATUS;
  const status = exitStatus(results.results, comparison);
  return status === 0 && repetition.changes().length > 0 ? 1 : status;
}

/** The page for people comes first. */
function reportText(files: string[]): string {
  const main = files.find((file) => file.endsWith('.html')) ?? files[0];
  const others = files.filter((file) => file !== main).map((file) => basename(file));
  return `Report: ${main}${others.length > 0 ? ` (beside it: ${others.join(', ')})` : ''}`;
}

/** Whatever can be wrong with the arguments is found here, what costs least first. */
async function prepare(flags: RunFlags): Promise<Preparation> {
  checkFormats(flags.format);
  const expectations = readExpectations(flags.expectations);
  const plan = loadPlan(flags.vectors);
  const idle = idleEntries(
    expectations,
    plan.vectors.map(({ id }) => id),
  );
  for (const note of idle) process.stderr.write(`${flags.expectations}: ${note}\n`);
  const vectors = select(plan, flags).map((vector) => ({ ...vector, timeout: flags.timeout ?? vector.timeout }));
  prepareFolder(flags.out);
  const launch = await resolveTarget(flags.target, {
    ...(flags.http === undefined ? {} : { http: flags.http }),
    ...(flags.http2 === undefined ? {} : { http2: flags.http2 }),
    install: flags.install,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  return { flags, plan, vectors, expectations, launch };
}

function readExpectations(file: string | undefined): Expectation[] {
  if (file === undefined) return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileFault('read', file, error);
  }
  return parseExpectations(text, file);
}

interface Outcome {
  results: Results;
  comparison: Comparison;
  repetition: Repetition;
}

/** Runs as often as asked for; stops at an interruption or, with --bail, at the first unexpected failure. */
async function repeat(preparation: Preparation, progress: Progress, signal: AbortSignal): Promise<Outcome> {
  const { flags, expectations } = preparation;
  const repetition = new Repetition(flags.repeat);
  for (let n = 1; n <= flags.repeat && !signal.aborted; n++) {
    const results = await runOnce(preparation, progress, signal, n);
    repetition.add(results);
    const { regressions } = applyExpectations(results.results, expectations);
    if (flags.bail && regressions.length > 0) break;
  }
  const results = repetition.report();
  const comparison = applyExpectations(results.results, expectations);
  return { results: { ...results, results: comparison.results }, comparison, repetition };
}

async function runOnce(
  { flags, plan, vectors, expectations, launch }: Preparation,
  progress: Progress,
  signal: AbortSignal,
  n: number,
): Promise<Results> {
  const bail = new AbortController();
  const reproduce = reproduceWith(flags);
  const onResult = (plain: Result, done: number, total: number) => {
    const [result = plain] = applyExpectations([plain], expectations).results;
    progress.result(result, { done, total, n, of: flags.repeat });
    if (flags.bail && FAILING.includes(result.verdict) && result.expected?.verdict !== result.verdict) bail.abort();
  };
  progress.start(vectors.length, n, flags.repeat);
  const options = { launch, plan, vectors, jobs: flags.jobs, bail: false, command: commandLine(), onResult };
  const results = await runVectors({ ...options, signal: AbortSignal.any([signal, bail.signal]) });
  for (const result of results.results) if (result.reproduce) result.reproduce = reproduce(result.id);
  return results;
}
