/** One vector of a wire suite: a script of a peer, without steps in the implementation. */
import { LEVELS, type Vector, WIRE_SUITES, type WireBasis, type WireSuite } from '../plan.js';
import type { Compiled } from './compile.js';
import { Draft, type Ground } from './draft.js';
import type { Fault } from './faults.js';
import { peerEntries, readPeer } from './peers.js';
import { WIRE_SCHEMA } from './schema.js';
import { readFn } from './steps.js';
import { type MapNode, type Source, valueAt } from './yaml.js';

/** Milliseconds that a vector may take. */
const TIMEOUT = 5_000;

/** What the scripts of client peers call the server under test. */
const TARGET = 'target';

/** @param map - a vector whose `each` has been expanded */
export function compileWireVector(map: MapNode, source: Source, faults: Fault[], files: Omit<Ground, 'fn'>): Compiled {
  const found: Fault[] = [];
  const said: number[] = [];
  const draft = new Draft(source, found, said, { ...files, fn: readFn });
  const vector = readVector(draft, map, source);
  WIRE_SCHEMA.check(map, source, found, said);
  faults.push(...found);
  const at = (valueAt(map, 'id') ?? map).at;
  return { vector, source, at, covers: [], depends: [], faulty: found.length > 0 };
}

function readVector(draft: Draft, map: MapNode, source: Source): Vector {
  const text = (key: string): string => {
    const node = valueAt(map, key);
    return node?.kind === 'scalar' ? node.text : '';
  };
  const id = text('id');
  const suite = WIRE_SUITES.find((name) => id.startsWith(`wire.${name}.`)) ?? 'http1-server';
  const timeout = Number(text('timeout'));
  const cve = text('cve');
  const wire: WireBasis = {
    suite,
    rfc: text('rfc'),
    level: LEVELS.find((level) => level === text('level')) ?? 'MUST',
    ...(cve === '' ? {} : { cve }),
    ...(text('echo') === 'true' ? { echo: true } : {}),
  };
  return {
    id,
    title: text('title'),
    wire,
    covers: [],
    module: 'wire',
    section: suite,
    file: source.file,
    line: source.line(map.at),
    needs: [],
    depends: [],
    exclusive: false,
    timeout: timeout > 0 ? timeout : TIMEOUT,
    settle: 0,
    uses: [],
    peers: readPeers(draft, map, suite),
    observe: [],
    steps: [],
    expects: {},
    signals: [],
    exports: [],
  };
}

function readPeers(draft: Draft, map: MapNode, suite: WireSuite): Vector['peers'] {
  const entries = peerEntries(draft, map);
  for (const { name } of entries) draft.peers.set(name, new Set());
  const peers = entries.flatMap((entry) => {
    const read = readPeer(draft, entry);
    for (const { name, at } of read?.connects ?? []) {
      if (name !== TARGET) draft.fault(at, `a wire vector connects to "${TARGET}", the server under test`);
    }
    const wanted = otherSide(suite);
    if (read && read.script.kind !== wanted)
      draft.fault(entry.node, `a vector of ${suite} has a peer of the kind ${wanted}`);
    return read ? [read.script] : [];
  });
  for (const { at } of draft.awaited) draft.fault(at, 'a wire vector has no events to wait for, only times');
  if (draft.said.length === 0 && draft.expectations === 0)
    draft.fault(valueAt(map, 'peer') ?? map, 'the vector expects nothing: state what the peer must receive');
  return peers;
}

/** Who speaks with whom is judged. */
function otherSide(suite: WireSuite): string {
  return suite.endsWith('-server') ? suite.replace('-server', '-client') : suite.replace('-client', '-server');
}
