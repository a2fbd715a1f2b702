// Measures scenarios by turns, reference, Node, reference, Node …, so that whatever else the machine does meets both.

import type { MetricOutcome, Round, ScenarioOutcome } from './outcome.js';
import { Program } from './program.js';
import type { Conditions, Metric, Sample, Scenario, Subject } from './scenario.js';
import { conclude, summarize } from './statistics.js';

export interface RunOptions extends Omit<Conditions, 'start'> {
  readonly pairs: number;
  /** Lists of cores, see `cores.ts`. */
  readonly measuredOn: string | undefined;
  readonly loadOn: string | undefined;
}

/** Measures one scenario. What goes wrong is in the outcome. */
export async function measureScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioOutcome> {
  const { name, module } = scenario;
  const rounds: Round[] = [];
  const subjects: Subject[] = scenario.hasLimit ? ['reference', 'node', 'limit'] : ['reference', 'node'];
  try {
    for (let pair = 0; pair < Math.min(options.pairs, scenario.maxPairs ?? Infinity); pair++) {
      const round: Record<string, Sample> = {};
      for (const subject of subjects) round[subject] = await measureOnce(scenario, subject, options);
      rounds.push(round);
    }
  } catch (error) {
    return { name, module, metrics: [], rounds, error: (error as Error).message };
  }
  return { name, module, metrics: metricOutcomes(scenario, rounds), rounds };
}

async function measureOnce(scenario: Scenario, subject: Subject, options: RunOptions): Promise<Sample> {
  const programs: Program[] = [];
  const start: Conditions['start'] = (role, script, task, flags = []) => {
    const cores = role === 'measured' ? options.measuredOn : options.loadOn;
    const program = new Program(script, task, { cores, flags });
    programs.push(program);
    return program;
  };
  try {
    return await scenario.measure(subject, { ...options, start });
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
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
