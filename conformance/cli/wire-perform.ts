/** What `plumbline wire` does once its options are read. */
import type { Results } from '../../reports/model.js';
import { credentials } from '../controller/index.js';
import { applyExpectations, exitStatus } from '../expectations.js';
import type { Plan, Vector } from '../plan.js';
import { select } from '../selection.js';
import { resolveTarget } from '../targets/index.js';
import { runWire, type WireRun } from '../wire/index.js';
import { probe } from '../wire/probe.js';
import { type Started, startCommand, startModule } from '../wire/started.js';
import { parseServer, type WireTarget } from '../wire/target.js';
import { loadWirePlan } from './catalogue.js';
import { commandLine } from './command-line.js';
import { CliFault, INTERRUPTED_STATUS } from './fault.js';
import type { WireFlags } from './options.js';
import { checkFormats, prepareFolder, writeReport } from './output.js';
import { progressOn } from './progress.js';
import { Repetition } from './repeat.js';
import { listenForSignals } from './signals.js';
import { summaryText } from './summary.js';

type Version = 'http1' | 'http2';
type Server = Pick<WireRun, 'batches' | 'target'> & { stop(): Promise<void> };

/**
 * @returns the exit status
 * @throws CliFault, TargetFault, WireFault before anything has run
 */
export async function wire(flags: WireFlags): Promise<number> {
  checkFormats(flags.format);
  if (flags.start !== undefined && flags.server === undefined)
    throw new CliFault('--start needs --server, the URL at which the server will be');
  const plan = loadWirePlan(flags.vectors);
  const vectors = select(plan, flags).filter(({ wire }) => wire?.suite.endsWith('-server'));
  prepareFolder(flags.out);
  const interruption = listenForSignals(() => {});
  const server = flags.server === undefined ? await ofTarget(flags, vectors) : await ofServer(flags, plan, vectors);
  try {
    const repetition = await repeat(flags, plan, server, interruption.signal);
    return report(flags, repetition, interruption.signal.aborted);
  } finally {
    interruption.stop();
    await server.stop();
  }
}

async function repeat(flags: WireFlags, plan: Plan, server: Server, signal: AbortSignal): Promise<Repetition> {
  const progress = progressOn(process.stderr, flags.quiet === true);
  const repetition = new Repetition(flags.repeat);
  const total = server.batches.reduce((sum, { vectors }) => sum + vectors.length, 0);
  for (let n = 1; n <= flags.repeat && !signal.aborted; n++) {
    progress.start(total, n, flags.repeat);
    const results = await runWire({
      plan,
      ...server,
      jobs: flags.jobs,
      strict: flags.strict === true,
      command: commandLine(),
      reproduce: (id) => `npx ${commandLine(['wire', ...whom(flags), '--filter', id])}`,
      signal,
      onResult: (result, done) => progress.result(result, { done, total, n, of: flags.repeat }),
    });
    repetition.add(results);
  }
  progress.end();
  return repetition;
}

function report(flags: WireFlags, repetition: Repetition, interrupted: boolean): number {
  const results = repetition.report();
  const comparison = compare(results);
  process.stdout.write(summaryText({ results, comparison, repetition, quiet: flags.quiet === true }));
  const files = writeReport(flags.out, flags.format, results);
  process.stdout.write(`\nReport: ${files.join(', ')}\n`);
  if (interrupted) return INTERRUPTED_STATUS;
  const status = exitStatus(results.results, comparison);
  return status === 0 && repetition.changes().length > 0 ? 1 : status;
}

/** Failures of what is not required carry their expectation already. */
function compare(results: Results): ReturnType<typeof applyExpectations> {
  const comparison = applyExpectations(results.results, []);
  const regressions = comparison.regressions.filter(({ verdict, expected }) => expected?.verdict !== verdict);
  return { ...comparison, regressions };
}

/** The options that say what is tested, to repeat one vector. */
function whom({ server, start, target, tls, insecure, http1, http2, path, strict }: WireFlags): string[] {
  const texts = Object.entries(server === undefined ? { target } : { server, start, path });
  const words = Object.entries({ tls, insecure, http1, http2, strict });
  return [
    ...texts.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...words.flatMap(([name, value]) => (value ? [`--${name}`] : [])),
  ];
}

function versions({ http1, http2 }: WireFlags, vectors: Vector[]): Version[] {
  const wanted: Version[] = http1 === http2 ? ['http1', 'http2'] : http1 ? ['http1'] : ['http2'];
  const found = wanted.filter((version) => vectors.some(({ wire }) => wire?.suite.startsWith(version)));
  if (found.length === 0) throw new CliFault(`no vector of ${wanted.join(' or ')} is selected`);
  return found;
}

const of = (version: Version, vectors: Vector[]) => vectors.filter(({ wire }) => wire?.suite.startsWith(version));

/** A server that is up, or is started. */
async function ofServer(flags: WireFlags, plan: Plan, vectors: Vector[]): Promise<Server> {
  const target = parseServer(flags.server ?? '', flags.path, flags.tls === true);
  if (target.tls && !flags.insecure) throw new CliFault('certificates are not checked yet: say --insecure');
  const started = flags.start === undefined ? undefined : await startCommand(flags.start, target.host, target.port);
  const stop = async () => started?.stop();
  try {
    const spoken = await probe(target, versions(flags, vectors), (version) => plainOf(plan, version), credentials());
    for (const version of versions(flags, vectors).filter((one) => !spoken.includes(one)))
      process.stderr.write(
        `${flags.server} does not speak ${version === 'http1' ? 'HTTP/1.1' : 'HTTP/2'}: its suite is left out\n`,
      );
    const batches = spoken.map((version) => ({ vectors: of(version, vectors), server: async () => target }));
    const platform = `${process.platform} ${process.arch}`;
    return { batches, target: { id: flags.server ?? '', name: flags.server ?? '', version: '', platform }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function plainOf(plan: Plan, version: Version): Vector {
  const id = `wire.${version}-server.plain.get`;
  const vector = plan.vectors.find((candidate) => candidate.id === id);
  if (!vector) throw new CliFault(`the vectors lack ${id}, by which servers are recognized`);
  return vector;
}

/** A small server for each module; one that has ended is started again. */
async function ofTarget(flags: WireFlags, vectors: Vector[]): Promise<Server> {
  const launch = await resolveTarget(flags.target, {
    install: flags.install,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const running = new Map<Version, Promise<Started>>();
  const server = async (version: Version): Promise<WireTarget> => {
    const current = running.get(version);
    if (!current || !(await current).alive()) {
      // Of several that ask at once, the first starts it.
      if (running.get(version) === current) running.set(version, startModule(launch, version));
    }
    const { port } = await running.get(version)!;
    return { host: '127.0.0.1', port, tls: false, path: '/target', echo: true };
  };
  const wanted = versions(flags, vectors);
  for (const version of wanted) await server(version);
  const { runtime } = await running.get(wanted[0]!)!;
  const { name = launch.id, version = '', node, platform = '' } = runtime ?? {};
  return {
    batches: wanted.map((one) => ({ vectors: of(one, vectors), server: () => server(one) })),
    target: { id: launch.id, name, version, ...(node === undefined ? {} : { node }), platform },
    stop: async () => {
      for (const started of running.values()) await (await started.catch(() => undefined))?.stop();
    },
  };
}
