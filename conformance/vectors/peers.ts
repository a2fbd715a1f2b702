/** Scripted peers: their options and the verbs of their scripts. */
import type { Expected, PeerKind, PeerScript, PeerStep, PeerStepBody, TlsOptions, WirePart } from '../plan.js';
import { asCount, asFields, asList, asMap, asText, asTrue, wrong } from './content.js';
import type { Draft } from './draft.js';
import { readExpected, readExpectedFrame } from './expected.js';
import { enumerate, meant } from './faults.js';
import { readSettings } from './frames.js';
import { parseDuration, parseLabel } from './label.js';
import { isName } from './path.js';
import { HTTP1_REACTIONS, HTTP2_REACTIONS, readAnyOf } from './reactions.js';
import { toMatcher } from './tags.js';
import { readDuration } from './trace.js';
import { readParts } from './wire.js';
import { type Entry, type MapNode, type Node, type ScalarNode, scalar, valueAt } from './yaml.js';

export const KINDS = ['http1-server', 'http1-client', 'http2-server', 'http2-client'] as const;

/** A peer that is being read. */
interface Reading {
  draft: Draft;
  peer: string;
  kind: PeerKind;
  /** Names of connections, and how many have none. */
  connections: Set<string>;
  unnamed: number;
  /** Servers that it connects to. */
  targets: { name: string; at: number }[];
}

type Verb = (reading: Reading, value: Node, key: ScalarNode) => PeerStepBody[];

/** A peer's name, the node of its description. */
export interface PeerEntry {
  name: string;
  key: ScalarNode;
  node: Node;
}

/** The peers of a vector: `peer` is one of that name. */
export function peerEntries(draft: Draft, vector: MapNode): PeerEntry[] {
  const one = vector.entries.find(({ key }) => key.text === 'peer');
  const several = vector.entries.find(({ key }) => key.text === 'peers');
  if (one && several) draft.fault(several.key, 'either "peer" or "peers", not both');
  if (one) return [{ name: 'peer', key: one.key, node: one.value }];
  if (!several) return [];
  return (asMap(draft, several.value, 'a map of peers')?.entries ?? []).flatMap(({ key, value }) => {
    if (isName(key.text)) return [{ name: key.text, key, node: value }];
    draft.fault(key, `"${key.text}" cannot be a peer's name: letters, digits, _, $ and - only`);
    return [];
  });
}

/** A server that a peer connects to must be listened on. */
export interface Connects {
  name: string;
  at: number;
}

export function readPeer(
  draft: Draft,
  { name, key, node }: PeerEntry,
): { script: PeerScript; connects: Connects[] } | undefined {
  const map = asMap(draft, node, `a peer: { ${KINDS.join(' | ')}: script }`);
  const [entry, more] = map?.entries ?? [];
  if (!map || !entry) {
    if (map) draft.fault(key, 'a peer needs its kind and its script');
    return undefined;
  }
  const kind = KINDS.find((known) => known === entry.key.text);
  if (more) draft.fault(more.key, 'a peer is of one kind: several peers stand under "peers", each with a name');
  if (kind === undefined) {
    draft.fault(
      entry.key,
      `unknown kind of peer "${entry.key.text}"${meant(entry.key.text, KINDS) || `: it is one of ${enumerate(KINDS)}`}`,
    );
    return undefined;
  }
  const reading: Reading = { draft, peer: name, kind, connections: new Set(), unnamed: 0, targets: [] };
  const script: PeerScript = { name, kind, script: [] };
  const steps = entry.value.kind === 'map' ? readOptions(draft, entry.value, script) : entry.value;
  if (steps) script.script = readScript(reading, steps);
  return { script, connects: reading.targets };
}

function readOptions(draft: Draft, node: Node, peer: PeerScript): Node | undefined {
  const fields = asFields(draft, node, `"${peer.kind}"`, ['script', 'tls', 'unix', 'host', 'manual']);
  if (!fields) return undefined;
  const client = peer.kind.endsWith('client');
  for (const name of ['tls', 'unix', 'host'] as const) {
    if (client && fields[name])
      draft.fault(
        fields[name].key,
        `"${name}" is an option of servers${name === 'tls' ? ': a client names it in "connect"' : ''}`,
      );
  }
  if (fields.tls) peer.tls = readTls(draft, fields.tls.value);
  if (fields.unix && asTrue(draft, fields.unix.value, 'true')) {
    peer.unix = true;
    draft.needs.add('unix-socket');
  }
  if (fields.host) peer.host = asText(draft, fields.host.value, 'an address')?.text ?? '';
  if (fields.manual) {
    peer.manual = asTrue(draft, fields.manual.value, 'true');
    if (peer.kind.startsWith('http1')) draft.fault(fields.manual.key, '"manual" is an option of HTTP/2 peers');
  }
  if (!fields.script) draft.fault(node, 'a peer with options needs "script", its list of steps');
  return fields.script?.value;
}

function readTls(draft: Draft, node: Node): TlsOptions {
  draft.needs.add('tls');
  const tls: TlsOptions = {};
  if (node.kind === 'scalar') {
    asTrue(draft, node, 'true, or { alpn, servername }');
    return tls;
  }
  const fields = asFields(draft, node, '"tls"', ['alpn', 'servername']);
  if (fields?.alpn)
    tls.alpn = (asList(draft, fields.alpn.value, 'a list of protocols') ?? []).map(
      (item) => asText(draft, item, 'a protocol')?.text ?? '',
    );
  if (fields?.servername) tls.servername = asText(draft, fields.servername.value, 'a host name')?.text ?? '';
  return tls;
}

// ------------------------------------------------------------------------------------------------------------ verbs

const bare =
  <Op extends 'end' | 'destroy' | 'reset' | 'pause' | 'resume' | 'credit'>(op: Op): Verb =>
  (reading, value, key) => {
    if (value.kind !== 'scalar' || value.value !== null) reading.draft.fault(value, `"${key.text}" takes nothing`);
    return [{ op } as PeerStepBody];
  };

const COMMON: { [verb: string]: Verb } = {
  send: readSend,
  receive: readReceive,
  use: readUse,
  wait: readWait,
  mark: readMark,
  silent: ({ draft }, value) => [{ op: 'silent', ms: readDuration(draft, value) ?? 0 }],
  closed: readClosed,
  end: bare('end'),
  destroy: bare('destroy'),
  reset: bare('reset'),
  pause: bare('pause'),
  resume: bare('resume'),
  'any-of': ({ draft, kind }, value) => readAnyOf({ draft, kind }, value),
};

const SERVER: { [verb: string]: Verb } = {
  accept: (reading, value) => [{ op: 'accept', as: connectionName(reading, value) }],
  'each-connection': (reading, value) => [{ op: 'each-connection', do: readScript(reading, value, true) }],
  connections: ({ draft }, value) => {
    draft.expectations++;
    return [{ op: 'connections', matcher: toMatcher(draft, value) }];
  },
};

const HTTP1_SERVER: { [verb: string]: Verb } = {
  reply: (reading, value) => [...received(reading), ...readSend(reading, value)],
  serve: (reading, value, key) => {
    const answer = [{ op: 'receive', what: { kind: 'request', matcher: null } } as const, ...readSend(reading, value)];
    const step = (body: PeerStepBody): PeerStep =>
      numbered(reading, key, body.op === 'receive' ? 'receive request' : body.op, body);
    const turn = step({ op: 'repeat', times: null, do: [] });
    (turn as { do: PeerStep[] }).do = answer.map(step);
    return [{ op: 'each-connection', do: [turn] }];
  },
};

const HTTP2: { [verb: string]: Verb } = {
  handshake: ({ draft }, value) => [
    { op: 'handshake', settings: value.kind === 'scalar' && value.value === null ? {} : readSettings(draft, value) },
  ],
  next: (reading, value) => {
    const what = readExpectedFrame(reading, value);
    reading.draft.expectations++;
    return what ? [{ op: 'next', what }] : [];
  },
  never: (reading, value) => {
    const what = readExpectedFrame(reading, value);
    return what ? [{ op: 'never', what }] : [];
  },
  credit: bare('credit'),
};

const VERBS: { [kind in PeerKind]: { [verb: string]: Verb } } = {
  'http1-server': { ...SERVER, ...HTTP1_SERVER, ...COMMON },
  'http1-client': { connect: readConnect, ...HTTP1_REACTIONS, ...COMMON },
  'http2-server': { ...SERVER, ...HTTP2, ...HTTP2_REACTIONS, ...COMMON },
  'http2-client': { connect: readConnect, ...HTTP2, ...HTTP2_REACTIONS, ...COMMON },
};

/** Steps that begin or choose a connection; all others need one. */
const OPENING = ['every-split', 'accept', 'connect', 'each-connection', 'serve', 'connections', 'wait', 'mark', 'use'];

function readScript(reading: Reading, node: Node, connected = false): PeerStep[] {
  const { draft, kind } = reading;
  let open = connected;
  return (asList(draft, node, 'a list of steps') ?? []).flatMap((item) => {
    const entry = verbOf(reading, item);
    if (!entry) return [];
    const verb = entry.key.text;
    if (verb === 'accept' || verb === 'connect') open = true;
    else if (!open && !OPENING.includes(verb) && verb !== 'repeat') {
      const first = kind.endsWith('server') ? 'accept' : 'connect: SERVER';
      draft.fault(entry.key, `"${verb}" before there is a connection: the script begins with "${first}"`);
      open = true;
    }
    return readStep(reading, entry, item, open);
  });
}

/** The one key of a step, or the word that is the whole step. */
function verbOf({ draft, kind }: Reading, node: Node): Entry | undefined {
  if (node.kind === 'scalar' && node.tags.length === 0 && typeof node.value === 'string') {
    return { key: node, value: scalar(null, node.end, node.end), bare: false };
  }
  const map = asMap(draft, node, 'a step (a word, or a map with one verb)');
  const [entry, ...more] = map?.entries ?? [];
  if (!entry) return map && wrong(draft, map, 'a step');
  for (const { key } of more) {
    if (key.text === 'do' && ['repeat', 'every-split'].includes(entry.key.text)) continue;
    const verbs = ['repeat', ...Object.keys(VERBS[kind])];
    const what = verbs.includes(key.text)
      ? `a second verb in one step: "${key.text}" needs its own "-"`
      : `unknown key "${key.text}" beside "${entry.key.text}"`;
    draft.fault(key, what);
  }
  return entry;
}

function readStep(reading: Reading, { key, value }: Entry, item: Node, connected: boolean): PeerStep[] {
  const { draft, kind } = reading;
  if (key.text === 'repeat') return readRepeat(reading, key, value, item, connected);
  if (key.text === 'every-split' && kind === 'http1-client') return readEverySplit(reading, key, value, item);
  const verbs = VERBS[kind];
  if (!Object.hasOwn(verbs, key.text)) {
    const elsewhere = KINDS.filter((other) => Object.hasOwn(VERBS[other], key.text));
    const hint = meant(key.text, ['repeat', ...Object.keys(verbs)]);
    draft.fault(
      key,
      `unknown step "${key.text}" of ${kind}${elsewhere.length > 0 ? `: it belongs to ${enumerate(elsewhere)}` : hint}`,
    );
    return [];
  }
  const bodies = verbs[key.text]!(reading, value, key);
  return bodies.map((body) => numbered(reading, key, textOf(key.text, value, body), body));
}

function numbered({ draft }: Reading, key: ScalarNode, text: string, body: PeerStepBody): PeerStep {
  return { n: draft.number(), line: draft.source.line(key.at), text, ...body };
}

function textOf(verb: string, value: Node, body: PeerStepBody): string {
  if (body.op === 'receive' || body.op === 'next' || body.op === 'never')
    return `${verb === 'reply' ? 'receive' : verb} ${expectedText(body.what)}`;
  if (verb === 'reply') return 'send';
  const word = value.kind === 'scalar' && value.tags.length === 0 && value.value !== null && verb !== 'send';
  return word ? `${verb} ${value.text}` : verb;
}

function expectedText(what: Expected): string {
  if (what.kind === 'frame') return what.stream === undefined ? what.type : `${what.type} on stream ${what.stream}`;
  if (what.kind === 'message') return `message on stream ${what.stream}`;
  if (what.kind === 'bytes') return what.count === null ? 'all' : `${what.count} bytes`;
  return what.kind === 'until' ? `until ${JSON.stringify(what.text)}` : what.kind;
}

function readRepeat(reading: Reading, key: ScalarNode, value: Node, item: Node, connected: boolean): PeerStep[] {
  const { draft } = reading;
  const times = asCount(draft, value, 'how often', 1) ?? 1;
  const body = item.kind === 'map' ? valueAt(item, 'do') : undefined;
  if (body === undefined) draft.fault(key, '"repeat" needs "do", a list of steps');
  const step = numbered(reading, key, 'repeat', { op: 'repeat', times, do: [] });
  if (body !== undefined) (step as { do: PeerStep[] }).do = readScript(reading, body, connected);
  return [step];
}

/** `{ to, send }` and `do`. */
function readEverySplit(reading: Reading, key: ScalarNode, value: Node, item: Node): PeerStep[] {
  const { draft, kind } = reading;
  const fields = asFields(draft, value, '"every-split"', ['to', 'send']);
  const to = fields?.to && asText(draft, fields.to.value, 'the name of a server');
  if (to) reading.targets.push({ name: to.text, at: to.at });
  const parts = fields?.send ? readParts(draft, fields.send.value, kind) : [];
  const body = item.kind === 'map' ? valueAt(item, 'do') : undefined;
  if (!fields?.to || !fields.send || !body) draft.fault(key, '"every-split" needs "to" and "send" in it, and "do"');
  const step = numbered(reading, key, 'every-split', { op: 'every-split', to: to?.text ?? '', parts, do: [] });
  if (body) (step as { do: PeerStep[] }).do = readScript(reading, body, true);
  return [step];
}

// ------------------------------------------------------------------------------------------------------ connections

function connectionName(reading: Reading, value: Node): string {
  if (value.kind === 'scalar' && value.value === null && value.tags.length === 0) {
    const name = `c${++reading.unnamed}`;
    reading.connections.add(name);
    return name;
  }
  const name = asText(reading.draft, value, "the connection's name")?.text ?? '';
  reading.connections.add(name);
  return name;
}

function readConnect(reading: Reading, value: Node): PeerStepBody[] {
  const { draft } = reading;
  const fields = value.kind === 'map' ? asFields(draft, value, '"connect"', ['to', 'as', 'tls']) : undefined;
  const target = value.kind === 'map' ? fields?.to?.value : value;
  if (value.kind === 'map' && fields && !target) draft.fault(value, '"connect" needs "to", the name of a server');
  const to = target && asText(draft, target, 'the name of a server that the vector listens on');
  const as = connectionName(reading, fields?.as?.value ?? scalar(null, value.at, value.at));
  if (to) reading.targets.push({ name: to.text, at: to.at });
  const tls = fields?.tls && readTls(draft, fields.tls.value);
  return [{ op: 'connect', to: to?.text ?? '', as, ...(tls ? { tls } : {}) }];
}

function readUse({ draft, connections }: Reading, value: Node): PeerStepBody[] {
  const name = asText(draft, value, 'the name of a connection');
  if (name && !connections.has(name.text))
    draft.fault(name, `no connection is named "${name.text}" before${meant(name.text, connections)}`);
  return [{ op: 'use', as: name?.text ?? '' }];
}

function readClosed({ draft }: Reading, value: Node): PeerStepBody[] {
  draft.expectations++;
  if (value.kind === 'scalar' && value.value === null) return [{ op: 'closed' }];
  const fields = asFields(draft, value, '"closed"', ['after', 'before', 'how']);
  const body: Extract<PeerStepBody, { op: 'closed' }> = { op: 'closed' };
  if (fields?.after) body.after = readDuration(draft, fields.after.value) ?? 0;
  if (fields?.before) body.before = readDuration(draft, fields.before.value) ?? 0;
  if (fields?.how) {
    const how = asText(draft, fields.how.value, 'end or reset');
    if (how?.text === 'end' || how?.text === 'reset') body.how = how.text;
    else if (how) draft.fault(how, `expected end or reset, found "${how.text}"${meant(how.text, ['end', 'reset'])}`);
  }
  return [body];
}

// --------------------------------------------------------------------------------------------- waiting and signalling

function readWait({ draft, peer }: Reading, value: Node): PeerStepBody[] {
  const text = asText(draft, value, 'a label or a time');
  if (!text) return [];
  const ms = parseDuration(text.text);
  if (ms !== undefined) return [{ op: 'sleep', ms }];
  const label = draft.parse(text, 0, () => parseLabel(text.text));
  if (!label) return [];
  draft.awaited.push({ label: label.text, at: text.at, peer });
  return [{ op: 'wait', label: label.text }];
}

function readMark({ draft, peer }: Reading, value: Node): PeerStepBody[] {
  const name = asText(draft, value, 'a name');
  if (!name) return [];
  if (!/^[\w$:.-]+$/.test(name.text) || name.text === 'done')
    draft.fault(
      name,
      name.text === 'done'
        ? `"${peer} done" is the end of the script: choose another name`
        : `"${name.text}" cannot name a mark: one word`,
    );
  draft.peers.get(peer)?.add(name.text);
  return [{ op: 'mark', name: name.text }];
}

// --------------------------------------------------------------------------------------------- sending and receiving

function readSend({ draft, kind }: Reading, value: Node): Extract<PeerStepBody, { op: 'send' }>[] {
  if (value.kind === 'map' && value.tags.length === 0 && valueAt(value, 'data')) {
    const fields = asFields(draft, value, '"send"', ['data', 'chunk', 'every']);
    const every = fields?.every && readDuration(draft, fields.every.value);
    if (fields?.every && !fields.chunk) draft.fault(fields.every.key, '"every" needs "chunk", the bytes of each write');
    const chunk = fields?.chunk && asCount(draft, fields.chunk.value, 'a number of bytes', 1);
    const parts: WirePart[] = fields?.data ? readParts(draft, fields.data.value, kind) : [];
    return [
      { op: 'send', parts, ...(chunk === undefined ? {} : { chunk }), ...(every === undefined ? {} : { every }) },
    ];
  }
  return [{ op: 'send', parts: readParts(draft, value, kind) }];
}

function received({ draft }: Reading): PeerStepBody[] {
  draft.expectations++;
  return [{ op: 'receive', what: { kind: 'request', matcher: null } }];
}

function readReceive(reading: Reading, value: Node): PeerStepBody[] {
  const what = readExpected(reading, value);
  reading.draft.expectations++;
  return what ? [{ op: 'receive', what }] : [];
}
