/** Steps: a map with one verb, and the keys that some verbs take besides. */
import type { CheckItem, Fn, Path, Step, StepBody } from '../plan.js';
import { asCount, asFields, asList, asMap, asName, asText, pick, unknownKey, wrong } from './content.js';
import { type Draft, NOWHERE, type NoteItems } from './draft.js';
import { enumerate, meant, nearest } from './faults.js';
import { readConstruct, readFunction, readMethods } from './functions.js';
import { parseCounted, parseDuration } from './label.js';
import { isName, parseExpression, parsePath } from './path.js';
import { shapeOf, union } from './shape.js';
import { toMatcher, toValue } from './tags.js';
import type { Entry, MapNode, Node, ScalarNode } from './yaml.js';

/** Keys that stand beside a verb. */
const MODIFIERS = [
  'throws',
  'rejects',
  'returns',
  'do',
  'index',
  'as',
  'limit',
  'extends',
  'construct',
  'methods',
] as const;
type Modifier = (typeof MODIFIERS)[number];
type Modifiers = Partial<Record<Modifier, Entry>>;

/** A step of that kind without what every step has. */
type Body<Op extends StepBody['op']> = Extract<StepBody, { op: Op }>;

interface Verb {
  modifiers: readonly Modifier[];
  read(draft: Draft, entry: Entry, modifiers: Modifiers, add: Add): void;
}

/** Numbers a step and adds it to its list, before its parts are read. */
type Add = (text: string) => <B extends StepBody>(body: B) => void;

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['let', { modifiers: [], read: readLet }],
  ['check', { modifiers: [], read: readCheck }],
  ['set', { modifiers: ['throws'], read: readSet }],
  ['delete', { modifiers: [], read: readDelete }],
  ['wait', { modifiers: [], read: readWait }],
  ['repeat', { modifiers: ['do', 'index'], read: readRepeat }],
  ['note', { modifiers: [], read: readNote }],
  ['on', { modifiers: [], read: (draft, entry, _modifiers, add) => readOn(draft, entry, add, false) }],
  ['once', { modifiers: [], read: (draft, entry, _modifiers, add) => readOn(draft, entry, add, true) }],
  ['listen', { modifiers: [], read: readListen }],
  ['iterate', { modifiers: ['as', 'do', 'limit', 'rejects'], read: readIterate }],
  ['class', { modifiers: ['extends', 'construct', 'methods'], read: readClass }],
  ['throw', { modifiers: [], read: (draft, entry, _modifiers, add) => readLeave(draft, entry, add, 'throw') }],
  ['return', { modifiers: [], read: (draft, entry, _modifiers, add) => readLeave(draft, entry, add, 'return') }],
]);
const CONSUME: Verb = { modifiers: [], read: readConsume };
const CALL: Verb = { modifiers: ['throws', 'rejects', 'returns'], read: readCall };

export const VERB_NAMES: readonly string[] = [...VERBS.keys(), 'consume'];

/** A list of steps. */
function readSteps(draft: Draft, node: Node): Step[] {
  return (asList(draft, node, 'a list of steps') ?? []).flatMap((item) => readStep(draft, item));
}

/** `!fn`. */
export function readFn(draft: Draft, node: Node): Fn {
  return readFunction(draft, node, 'a function', readSteps);
}

/** One item of a list of steps; `on` and `listen` may state several steps at once. */
export function readStep(draft: Draft, node: Node): Step[] {
  const map = asMap(draft, node, 'a step (a map with one verb)');
  const entry = map && verbOf(draft, map);
  if (!entry) return [];
  const verb = VERBS.get(entry.key.text) ?? (consumption(entry.key.text) ? CONSUME : CALL);
  const modifiers = readModifiers(draft, map, entry, verb);
  const steps: Step[] = [];
  verb.read(draft, entry, modifiers, (text) => {
    const base = { n: draft.number(), line: draft.source.line(entry.key.at), text };
    return (body) => steps.push({ ...base, ...body } as Step);
  });
  return steps;
}

/** The key that says what the step does. */
function verbOf(draft: Draft, map: MapNode): Entry | undefined {
  const [verb, other] = map.entries.filter(({ key }) => !(MODIFIERS as readonly string[]).includes(key.text));
  if (verb === undefined) {
    draft.fault(
      map,
      `a step needs a verb${map.entries.length > 0 ? ` beside ${enumerate(map.entries.map(({ key }) => `"${key.text}"`))}` : ''}`,
    );
    return undefined;
  }
  if (other !== undefined) {
    const modifier = nearest(other.key.text, MODIFIERS);
    if (modifier !== undefined) unknownKey(draft, other.key, 'a step', MODIFIERS);
    else
      draft.fault(
        other.key,
        `a second verb in one step: "${other.key.text}" must be a step of its own, with its own "-"`,
      );
  }
  return verb;
}

function readModifiers(draft: Draft, map: MapNode, verb: Entry, { modifiers }: Verb): Modifiers {
  const others = map.entries.filter(({ key }) => (MODIFIERS as readonly string[]).includes(key.text));
  for (const { key } of others) {
    if (!modifiers.includes(key.text as Modifier)) {
      const hint = modifiers.length > 0 ? `it takes ${enumerate(modifiers)}` : 'it takes no further keys';
      draft.fault(key, `"${key.text}" does not go with "${verb.key.text}": ${hint}`);
    }
  }
  return pick(draft, others, 'a step', MODIFIERS);
}

// ------------------------------------------------------------------------------------------------------------ calls

function readCall(draft: Draft, { key, value }: Entry, modifiers: Modifiers, add: Add): void {
  const [prefix, bind, isAwait, isNew] = /^(?:([^=\s]+) *= *)?(?:(await) +)?(?:(new) +)?/.exec(key.text)!;
  const text = key.text.slice(bind === undefined ? 0 : key.text.indexOf('=') + 1).trim();
  const path = draft.parse(key, prefix.length, () => parsePath(key.text, prefix.length));
  if (path === undefined) return;
  const args = argumentsOf(draft, path, value, key, prefix.length);
  if (args === undefined) return;
  const done = add(text);
  const body: Body<'call'> = { op: 'call', path, args: [] };
  draft.refer(path, draft.within(key, prefix.length));
  if (path.steps.at(-1) && 'call' in path.steps.at(-1)!)
    draft.fault(
      draft.within(key, prefix.length),
      `"${path.text}" is called already by its list of arguments: leave out the last parentheses`,
    );
  body.args = args.map((arg) => toValue(draft, arg));
  if (isNew) body.construct = true;
  if (isAwait) body.await = true;
  if (bind !== undefined) {
    if (isName(bind)) draft.bind(bind, draft.within(key, 0));
    else draft.fault(draft.within(key, 0), `"${bind}" cannot be a name`);
    body.bind = bind;
  }
  readOutcome(draft, body, modifiers, isAwait !== undefined);
  done(body);
}

function argumentsOf(draft: Draft, path: Path, value: Node, key: ScalarNode, offset: number): Node[] | undefined {
  if (value.kind === 'seq' && value.tags.length === 0) {
    const verb = path.steps.length === 0 ? nearest(path.root, VERB_NAMES) : undefined;
    if (verb !== undefined && !draft.bindings.some(({ name }) => name === path.root)) draft.doubtful.set(path, verb);
    return value.items;
  }
  if (path.steps.length === 0) {
    const hint = meant(path.root, VERB_NAMES) || `: to call it, give it a list of arguments, ${path.root}: []`;
    draft.fault(draft.within(key, offset), `unknown verb "${path.root}"${hint}`);
  } else {
    draft.fault(
      value.kind === 'scalar' && value.value === null ? key : value,
      `a call takes a list of arguments: ${path.text}: [ … ]`,
    );
  }
  return undefined;
}

function readOutcome(draft: Draft, body: Body<'call'>, { throws, rejects, returns }: Modifiers, awaits: boolean): void {
  if (throws && awaits) draft.fault(throws.key, 'an awaited call rejects: use "rejects"');
  if (rejects && !awaits) draft.fault(rejects.key, 'only an awaited call rejects: use "throws", or begin with "await"');
  if (returns && (throws ?? rejects))
    draft.fault(returns.key, `a call that ${throws ? 'throws' : 'rejects'} returns nothing`);
  for (const [name, entry] of [
    ['throws', throws],
    ['rejects', rejects],
    ['returns', returns],
  ] as const) {
    if (!entry) continue;
    const matcher = toMatcher(draft, entry.value);
    draft.expectations++;
    body[name] = matcher;
    const shape = shapeOf(matcher);
    if (shape !== true) body.shape = union(body.shape ?? true, shape);
  }
}

// ------------------------------------------------------------------------------------------------- names and values

function readLet(draft: Draft, { key, value }: Entry, _modifiers: Modifiers, add: Add): void {
  const entries = mapEntries(draft, key, value, 'names and their values');
  const done = add(`let ${entries.map((entry) => entry.key.text).join(', ')}`);
  const items: Body<'let'>['items'] = [];
  for (const entry of entries) {
    const name = asName(draft, entry.key, 'a name');
    items.push({ name: name ?? '', value: toValue(draft, entry.value) });
    if (name !== undefined) draft.bind(name, entry.key.at);
  }
  done({ op: 'let', items });
}

function readCheck(draft: Draft, { key, value }: Entry, _modifiers: Modifiers, add: Add): void {
  const entries = mapEntries(draft, key, value, 'expressions and what they must be');
  const done = add(shorten(`check ${entries.map((entry) => entry.key.text).join(', ')}`));
  draft.expectations += entries.length;
  const items = entries.flatMap((entry): CheckItem[] => {
    const expression = readExpression(draft, entry.key);
    const matcher = toMatcher(draft, entry.value);
    return expression ? [{ expression, matcher, ...shaped(shapeOf(matcher)) }] : [];
  });
  done({ op: 'check', items });
}

function readSet(draft: Draft, { key, value }: Entry, { throws }: Modifiers, add: Add): void {
  const entries = mapEntries(draft, key, value, 'paths and their values');
  const done = add(`set ${entries.map((entry) => entry.key.text).join(', ')}`);
  const items = entries.map((entry) => ({
    path: readProperty(draft, entry.key, 'to assign to a name, use let'),
    value: toValue(draft, entry.value),
  }));
  const body: Body<'set'> = { op: 'set', items };
  if (throws) {
    if (entries.length > 1) draft.fault(throws.key, 'with "throws", set assigns to one property');
    body.throws = toMatcher(draft, throws.value);
    Object.assign(body, shaped(shapeOf(body.throws)));
    draft.expectations++;
  }
  done(body);
}

function readDelete(draft: Draft, { value }: Entry, _modifiers: Modifiers, add: Add): void {
  const text = asText(draft, value, 'a path');
  if (!text) return;
  add(`delete ${text.text}`)({ op: 'delete', path: readProperty(draft, text, 'names cannot be deleted') });
}

/** A path that ends in a property. */
function readProperty(draft: Draft, node: ScalarNode, hint: string): Path {
  const path = readPathOf(draft, node);
  const last = path.steps.at(-1);
  if (path !== NOWHERE && (last === undefined || 'call' in last))
    draft.fault(node, `"${path.text}" is no property: ${hint}`);
  return path;
}

function readPathOf(draft: Draft, node: ScalarNode): Path {
  const path = draft.parse(node, 0, () => parsePath(node.text));
  if (path === undefined) return NOWHERE;
  draft.refer(path, draft.within(node, 0));
  return path;
}

function readExpression(draft: Draft, node: ScalarNode): CheckItem['expression'] | undefined {
  const expression = draft.parse(node, 0, () => parseExpression(node.text));
  if (expression === undefined) return undefined;
  draft.refer(
    expression.left,
    draft.within(node, expression.op === 'typeof' ? 7 : node.text.lastIndexOf(expression.left.text)),
  );
  if (expression.right)
    draft.refer(expression.right, draft.within(node, node.text.length - expression.right.text.length));
  return expression;
}

// ------------------------------------------------------------------------------------------------ waiting and noting

function readWait(draft: Draft, { value }: Entry, _modifiers: Modifiers, add: Add): void {
  if (value.kind === 'seq' && value.tags.length === 0) {
    const done = add(
      shorten(`wait ${value.items.map((item) => (item.kind === 'scalar' ? item.text : '…')).join(', ')}`),
    );
    if (value.items.length === 0) draft.fault(value, 'a wait for nothing');
    done({ op: 'wait', labels: value.items.flatMap((item) => awaitedLabel(draft, item)) });
    return;
  }
  const text = asText(draft, value, 'a label, a list of labels, or a time');
  if (!text) return;
  const done = add(`wait ${text.text}`);
  const ms = parseDuration(text.text);
  if (ms !== undefined) {
    done({ op: 'sleep', ms });
    return;
  }
  if (text.text === 'tick' || text.text === 'immediate' || text.text === 'microtask')
    done({ op: 'yield', to: text.text });
  else done({ op: 'wait', labels: awaitedLabel(draft, text) });
}

function awaitedLabel(draft: Draft, node: Node): { label: string; count: number }[] {
  const text = asText(draft, node, 'a label');
  if (!text) return [];
  if (typeof text.value === 'number') {
    draft.fault(text, `a time needs its unit: ${text.text}ms`);
    return [];
  }
  const counted = draft.parse(text, 0, () => parseCounted(text.text));
  if (!counted) return [];
  const { label, times } = counted;
  if (times.min !== times.max) {
    draft.fault(text, `a wait takes a number: "${label.text} x 3"`);
    return [];
  }
  draft.awaited.push({ label: label.text, at: text.at });
  return [{ label: label.text, count: times.min }];
}

function readNote(draft: Draft, { key, value }: Entry, _modifiers: Modifiers, add: Add): void {
  if (value.kind === 'scalar') {
    const text = asText(draft, value, 'a text, or a map of expressions')?.text ?? '';
    add(`note ${text}`)({ op: 'note', message: text });
    draft.notes.push({ items: [], at: key.at });
    return;
  }
  const entries = mapEntries(draft, key, value, 'names and expressions');
  const done = add(shorten(`note ${entries.map((entry) => entry.key.text).join(', ')}`));
  const items = entries.flatMap((entry): NoteItems => {
    const text = asText(draft, entry.value, 'an expression');
    const expression = text && readExpression(draft, text);
    return expression ? [{ key: entry.key.text, expression }] : [];
  });
  draft.notes.push({ items, at: key.at });
  done({ op: 'note', items });
}

function readOn(draft: Draft, { key, value }: Entry, add: Add, once: boolean): void {
  const verb = once ? 'once' : 'on';
  for (const entry of mapEntries(draft, key, value, '"PATH EVENT" and what to do')) {
    const space = entry.key.text.lastIndexOf(' ');
    if (space < 0) {
      draft.fault(entry.key, `"${entry.key.text}" names no event: write "PATH EVENT"`);
      continue;
    }
    const path = draft.parse(entry.key, 0, () => parsePath(entry.key.text.slice(0, space)));
    const done = add(`${verb} ${entry.key.text}`);
    if (path) draft.refer(path, draft.within(entry.key, 0));
    const empty = entry.value.kind === 'scalar' && entry.value.value === null && entry.value.tags.length === 0;
    const listener: Fn = empty
      ? { $: 'fn', params: [], do: [] }
      : readFunction(draft, entry.value, 'a listener', readSteps, 'as');
    if (path) done({ op: 'on', path, event: entry.key.text.slice(space + 1), ...(once ? { once } : {}), listener });
  }
}

// ---------------------------------------------------------------------------------------------- servers and streams

function readListen(draft: Draft, { key, value }: Entry, _modifiers: Modifiers, add: Add): void {
  if (value.kind === 'scalar') {
    const name = asName(draft, value, 'the name of a server');
    if (name === undefined) return;
    listensTo(draft, value, name);
    add(`listen ${name}`)({ op: 'listen', name });
    return;
  }
  for (const entry of mapEntries(draft, key, value, 'the name of a server and where it listens')) {
    const name = asName(draft, entry.key, 'the name of a server');
    const fields = asFields(draft, entry.value, '"listen"', ['host', 'port', 'socket']);
    if (name === undefined || !fields) continue;
    listensTo(draft, entry.key, name);
    const body: Body<'listen'> = { op: 'listen', name };
    if (fields.host) body.host = asText(draft, fields.host.value, 'an address')?.text ?? '';
    if (fields.port) body.port = asCount(draft, fields.port.value, 'a port', 0, 65_535) ?? 0;
    if (fields.socket) body.socket = readSocket(draft, fields.socket.value, add);
    add(`listen ${name}`)(body);
  }
}

function listensTo(draft: Draft, node: ScalarNode, name: string): void {
  draft.listened.add(name);
  draft.refer({ root: name, steps: [], text: name }, node.at);
}

/** A Unix socket's place, `!temp name`, bound by a step of its own, since a plan's `socket` is a path that is read. */
function readSocket(draft: Draft, node: Node, add: Add): Path {
  draft.needs.add('unix-socket');
  if (node.tags[0] === '!ref') {
    const value = toValue(draft, node);
    return (value as { path: Path }).path;
  }
  const bare: Node = node.tags.length > 0 ? node : { ...node, tags: ['!temp'] };
  const value = toValue(draft, bare);
  const name = `!temp ${node.kind === 'scalar' ? node.text : ''}`;
  add('let socket')({ op: 'let', items: [{ name, value }] });
  return { root: name, steps: [], text: name };
}

function consumption(text: string): RegExpExecArray | null {
  return /^(?:([^=\s]+) *= *)?consume( buffer)?$/.exec(text);
}

function readConsume(draft: Draft, { key, value }: Entry, _modifiers: Modifiers, add: Add): void {
  const [, bind, buffer] = consumption(key.text)!;
  const text = asText(draft, value, 'the path of a stream');
  if (!text) return;
  const done = add(`consume ${text.text}`);
  const body: Body<'consume'> = { op: 'consume', path: readPathOf(draft, text), view: buffer ? 'Buffer' : 'string' };
  if (bind !== undefined) {
    if (isName(bind)) draft.bind(bind, draft.within(key, 0));
    else draft.fault(draft.within(key, 0), `"${bind}" cannot be a name`);
    body.bind = bind;
  } else if (buffer) draft.fault(key, 'bytes that are read need a name: write "NAME = consume buffer"');
  done(body);
}

// ------------------------------------------------------------------------------------------------------- structure

function readRepeat(draft: Draft, { key, value }: Entry, modifiers: Modifiers, add: Add): void {
  const done = add('repeat');
  const times = asCount(draft, value, 'how often', 1) ?? 1;
  const body: Body<'repeat'> = { op: 'repeat', times, do: [] };
  if (modifiers.index) {
    const name = asName(draft, modifiers.index.value, 'a name for the counter');
    if (name !== undefined) {
      body.index = name;
      draft.bind(name, modifiers.index.value.at);
    }
  }
  body.do = bodyOf(draft, key, modifiers);
  done(body);
}

function readIterate(draft: Draft, { key, value }: Entry, modifiers: Modifiers, add: Add): void {
  const text = asText(draft, value, 'the path of something to iterate');
  if (!text) return;
  const done = add(`iterate ${text.text}`);
  const body: Body<'iterate'> = { op: 'iterate', path: readPathOf(draft, text), as: '', do: [] };
  if (modifiers.as) {
    body.as = asName(draft, modifiers.as.value, 'a name') ?? '';
    if (body.as) draft.bind(body.as, modifiers.as.value.at);
  } else draft.fault(key, '"iterate" needs "as", the name of each item');
  if (modifiers.limit) body.limit = asCount(draft, modifiers.limit.value, 'a number of items', 1) ?? 1;
  if (modifiers.do) body.do = readSteps(draft, modifiers.do.value);
  if (modifiers.rejects) {
    body.rejects = toMatcher(draft, modifiers.rejects.value);
    Object.assign(body, shaped(shapeOf(body.rejects)));
    draft.expectations++;
  }
  done(body);
}

function bodyOf(draft: Draft, key: ScalarNode, modifiers: Modifiers): Step[] {
  if (modifiers.do) return readSteps(draft, modifiers.do.value);
  draft.fault(key, `"${key.text}" needs "do", a list of steps`);
  return [];
}

function readClass(draft: Draft, { value }: Entry, modifiers: Modifiers, add: Add): void {
  const name = asName(draft, value, 'the name of the class');
  if (name === undefined) return;
  const done = add(`class ${name}`);
  const body: Body<'class'> = { op: 'class', name, methods: [] };
  if (modifiers.extends) {
    const base = asText(draft, modifiers.extends.value, 'the path of a class');
    if (base) body.extends = readPathOf(draft, base);
  }
  draft.bind(name, value.at);
  if (modifiers.construct) body.construct = readConstruct(draft, modifiers.construct.value, readSteps);
  if (modifiers.methods) body.methods = readMethods(draft, modifiers.methods.value, readSteps);
  done(body);
}

function readLeave(draft: Draft, { key, value }: Entry, add: Add, op: 'throw' | 'return'): void {
  if (draft.depth === 0) draft.fault(key, `"${op}" stands inside functions only`);
  add(op)({ op, value: toValue(draft, value) });
}

// -------------------------------------------------------------------------------------------------------- in common

function mapEntries(draft: Draft, key: ScalarNode, value: Node, what: string): Entry[] {
  const map = asMap(draft, value, `a map of ${what}`);
  if (map?.entries.length === 0) {
    wrong(draft, value, `a map of ${what} that is not empty, after "${key.text}"`);
  }
  return map?.entries ?? [];
}

function shaped(shape: ReturnType<typeof shapeOf>): { shape?: ReturnType<typeof shapeOf> } {
  return shape === true ? {} : { shape };
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
