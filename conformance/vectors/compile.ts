/** One vector: from its tree to the plan's shape. */
import type { Capability, ModuleName, Vector } from '../plan.js';
import { CAPABILITIES, MODULES } from '../plan.js';
import { checkVector } from './checks.js';
import { asList, type Reporter } from './content.js';
import { type Dispute, fewer, onlyExpectationsDiffer, performance, readDispute, shareShapes } from './disputed.js';
import { Draft, type Ground } from './draft.js';
import type { Fault } from './faults.js';
import { type Connects, peerEntries, readPeer } from './peers.js';
import { VECTOR_SCHEMA } from './schema.js';
import { readFn, readStep } from './steps.js';
import { leastCounts, observations, readTrace, readWatch } from './trace.js';
import { readVersions } from './versions.js';
import { type Entry, type MapNode, type Node, type Source, valueAt } from './yaml.js';

const DEFAULT_TIMEOUT = 10_000;
const DEFAULT_SETTLE = 20;

/** A vector, and what the checks across files need of it. */
export interface Compiled {
  vector: Vector;
  source: Source;
  /** Places of the id and of what refers to others, in order. */
  at: number;
  covers: number[];
  depends: number[];
  /** It has faults and must not run. */
  faulty: boolean;
}

/** @param map - a vector whose `each` has been expanded */
export function compileVector(map: MapNode, source: Source, faults: Fault[], files: Omit<Ground, 'fn'>): Compiled {
  const found: Fault[] = [];
  const said: number[] = [];
  const draft = () => new Draft(source, found, said, { ...files, fn: readFn });
  const reporter = draft();
  const dispute = readDispute(map, reporter);
  const text = dispute?.documented ?? map;
  const { needs, ...documented } = readParts(draft(), text);
  const head = readHead(reporter, text, source);
  const vector: Vector = {
    ...head,
    ...documented,
    needs: CAPABILITIES.filter((name) => head.needs.includes(name) || needs.has(name)),
  };
  if (dispute) settle(reporter, vector, dispute, readParts(draft(), dispute.node));
  reportBare(text, reporter);
  VECTOR_SCHEMA.check(text, source, found, said);
  faults.push(...found);
  return {
    vector,
    source,
    at: (valueAt(map, 'id') ?? map).at,
    covers: placesOf(valueAt(text, 'covers')),
    depends: placesOf(valueAt(text, 'depends')),
    faulty: found.length > 0,
  };
}

// ------------------------------------------------------------------------------------------------- what is performed

type Parts = Pick<Vector, 'observe' | 'steps' | 'peers' | 'expects' | 'signals' | 'exports' | 'uses' | 'trace'> & {
  needs: ReadonlySet<Capability>;
};

/** The parts on which the two readings of a disputed vector may differ. */
function readParts(draft: Draft, map: MapNode): Parts {
  const peers = peerEntries(draft, map);
  for (const { name } of peers) draft.peers.set(name, new Set());
  const watch = entryOf(map, 'watch');
  const trace = valueAt(map, 'trace');
  const watches = watch ? readWatch(draft, watch.value) : [];
  const steps = readDo(draft, valueAt(map, 'do'));
  const scripts = peers.flatMap((peer) => readPeer(draft, peer) ?? []);
  const pattern = trace && readTrace(draft, trace);
  const connects: Connects[] = scripts.flatMap((script) => script.connects);
  const at = (valueAt(map, 'id') ?? map).at;
  const observe = observations(draft, watches);
  checkVector(draft, { watches, watchAt: watch?.key.at, traced: trace !== undefined, at, connects });
  return {
    uses: usesOf(draft, map),
    peers: scripts.map(({ script }) => script),
    observe,
    steps,
    expects: leastCounts(draft),
    signals: [...new Set(draft.awaited.flatMap(({ label, peer }) => (peer === undefined ? [] : [label])))],
    ...(pattern ? { trace: pattern } : {}),
    exports: [...draft.exports.values()],
    needs: draft.needs,
  };
}

/** Steps of the vector itself, in which the order of binding and reading is known. */
function readDo(draft: Draft, node: Node | undefined): Vector['steps'] {
  const items = node ? (asList(draft, node, 'a list of steps') ?? []) : [];
  const steps = items.flatMap((item, i) => {
    draft.step = i;
    return readStep(draft, item);
  });
  draft.step = null;
  return steps;
}

/** The modules that are read; the id's own when none is. */
function usesOf(draft: Draft, map: MapNode): ModuleName[] {
  const roots = new Set(draft.references.map(({ path }) => path.root));
  const uses = MODULES.filter((name) => roots.has(name));
  return uses.length > 0 ? uses : MODULES.filter((name) => textOf(map, 'id').split('.')[0] === name);
}

/** Makes the documented reading the vector, and keeps what Node does beside it. */
function settle(reporter: Reporter, vector: Vector, dispute: Dispute, node: Parts): void {
  const differs = onlyExpectationsDiffer(dispute.documented, dispute.node);
  if (differs !== undefined)
    reporter.fault(dispute.at, `the two outcomes may differ in expectations only, and "${differs}" differs`);
  if (performance(vector) !== performance(node))
    reporter.fault(dispute.at, 'the two outcomes must perform the same steps: {name} may stand in expectations only');
  shareShapes(vector, node);
  const exports = new Map([...vector.exports, ...node.exports].map((path) => [path.text, path]));
  vector.exports = [...exports.values()];
  vector.expects = fewer(vector.expects, node.expects);
  const { steps, peers, trace } = node;
  const { why, bounds } = dispute;
  vector.disputed = { why, ...bounds, node: { steps, peers, ...(trace ? { trace } : {}) } };
}

// ----------------------------------------------------------------------------------------------------------- header

type Head = Omit<Vector, Exclude<keyof Parts, 'needs'> | 'disputed'>;

/** What names and places a vector; the schema reports what is not as it should be. */
function readHead(reporter: Reporter, map: MapNode, source: Source): Head {
  const id = textOf(map, 'id');
  const since = valueAt(map, 'since');
  const until = valueAt(map, 'until');
  return {
    id,
    title: textOf(map, 'title'),
    covers: [...new Set(textsOf(map, 'covers'))],
    module: id.split('.')[0] ?? '',
    section: '',
    file: source.file,
    line: source.line(map.at),
    ...(since ? { since: readVersions(reporter, since) } : {}),
    ...(until ? { until: readVersions(reporter, until) } : {}),
    needs: textsOf(map, 'needs') as Capability[],
    depends: textsOf(map, 'depends'),
    exclusive: exclusiveOf(textOf(map, 'exclusive')),
    timeout: numberOf(map, 'timeout') ?? DEFAULT_TIMEOUT,
    settle: numberOf(map, 'settle') ?? DEFAULT_SETTLE,
  };
}

function entryOf(map: MapNode, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key.text === key);
}

function textOf(map: MapNode, key: string): string {
  const node = valueAt(map, key);
  return node?.kind === 'scalar' ? node.text : '';
}

function numberOf(map: MapNode, key: string): number | undefined {
  const node = valueAt(map, key);
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

function textsOf(map: MapNode, key: string): string[] {
  const node = valueAt(map, key);
  return node?.kind === 'seq' ? node.items.map((item) => (item.kind === 'scalar' ? item.text : '')) : [];
}

function placesOf(node: Node | undefined): number[] {
  return node?.kind === 'seq' ? node.items.map((item) => item.at) : [];
}

/** `{name}` that nothing has replaced is a map with a key and no value, which nobody means. */
function reportBare(node: Node, reporter: Reporter): void {
  if (node.kind === 'seq') for (const item of node.items) reportBare(item, reporter);
  if (node.kind !== 'map') return;
  for (const { key, value, bare } of node.entries) {
    if (bare)
      reporter.fault(
        key,
        `"${key.text}" has no value: it names no column of "each" and nothing in "disputed"; as a key of a map, write "${key.text}: null"`,
      );
    else reportBare(value, reporter);
  }
}

function exclusiveOf(text: string | undefined): Vector['exclusive'] {
  return text === 'fresh' ? 'fresh' : text === 'true';
}
