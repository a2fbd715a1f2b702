// Measures scenarios by turns, reference and Node in pairs, so that whatever else the machine does meets both. Both have
// been started and wait for their turns; now and then they are started anew, since no two processes are alike.

import type { MetricOutcome, Round, ScenarioOutcome } from './outcome.js';
import { Program } from './program.js';
import type { Conditions, Measure, Metric, Sample, Scenario, Subject } from './scenario.js';
import { conclude, summarize } from './statistics.js';

export interface RunOptions extends Omit<Conditions, 'launch'> {
  readonly pairs: number;
  /** Lists of cores, see `cores.ts`. */
  readonly measuredOn: string | undefined;
  readonly loadOn: string | undefined;
}

/** Pairs that are measured before the subjects are started anew. */
const PAIRS_AT_A_TIME = 5;

/** Measures one scenario. What goes wrong is in the outcome. */
export async function measureScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioOutcome> {
  const { name, module, maxPairs = Infinity, once = false } = scenario;
  const pairs = Math.min(options.pairs, maxPairs);
  const atATime = once ? 1 : PAIRS_AT_A_TIME;
  const rounds: Round[] = [];
  try {
    while (rounds.length < pairs) {
      rounds.push(...(await measureRounds(scenario, Math.min(atATime, pairs - rounds.length), options)));
    }
  } catch (error) {
    return { name, module, metrics: [], rounds, error: (error as Error).message };
  }
  return { name, module, metrics: metricOutcomes(scenario, rounds), rounds };
}

async function measureRounds(scenario: Scenario, count: number, options: RunOptions): Promise<Round[]> {
  const programs: Program[] = [];
  const launch: Conditions['launch'] = (role, script, task, flags = []) => {
    const cores = role === 'measured' ? options.measuredOn : options.loadOn;
    const program = new Program(script, task, { cores, flags });
    programs.push(program);
    return program;
  };
  try {
    const subjects: Subject[] = scenario.hasLimit ? ['reference', 'node', 'limit'] : ['reference', 'node'];
    const started: [Subject, Measure][] = [];
    for (const subject of subjects) started.push([subject, await scenario.start(subject, { ...options, launch })]);
    const rounds: Round[] = [];
    while (rounds.length < count) {
      const round: Record<string, Sample> = {};
      for (const [subject, measure] of inTurn(started, rounds.length)) round[subject] = await measure();
      rounds.push(round);
    }
    return rounds;
  } finally {
    // Last first: the load complains when its server goes.
    for (const program of programs.reverse()) await program.stop();
  }
}

/** Every other time the second comes first: what a turn leaves behind on the machine meets both. */
function inTurn<T>([first, second, ...others]: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [first!, second!, ...others] : [second!, first!, ...others];
}

/** What the rounds of a scenario come to. */
export function metricOutcomes(scenario: Pick<Scenario, 'metrics'>, rounds: readonly Round[]): MetricOutcome[] {
  return Object.entries(scenario.metrics).map(([name, metric]) => metricOutcome(name, metric, rounds));
}

function metricOutcome(name: string, metric: Metric, rounds: readonly Round[]): MetricOutcome {
  const { unit, better, atMost } = metric;
  const figures = (subject: Subject) => rounds.flatMap((round) => round[subject]?.[name] ?? []);
  const [reference, node, limits] = [figures('reference'), figures('node'), figures('limit')];
  const medians = {
    reference: summarize(reference).median,
    node: summarize(node).median,
    limit: limits.length > 0 ? summarize(limits).median : null,
  };
  if (atMost !== undefined) {
    const conclusion = medians.reference <= atMost ? 'within' : 'beyond';
    return { name, unit, better, ...medians, ratio: null, conclusion };
  }
  const ratios = reference.map((figure, i) => figure / node[i]!);
  return { name, unit, better, ...medians, ratio: summarize(ratios), conclusion: conclude(ratios, better) };
}
