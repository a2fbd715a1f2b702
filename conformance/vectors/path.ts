/** Paths, expressions and texts with paths in them. Each parser throws a Slip at the place where it goes wrong. */
import type { Expression, Path, PathStep } from '../plan.js';
import { Slip } from './faults.js';

const NAME = /[A-Za-z_$][\w$-]*/y;
const PROPERTY = /#?[\w$][\w$-]*/y;

/** True for a name that a step may bind. */
export function isName(text: string): boolean {
  return /^[A-Za-z_$][\w$-]*$/.test(text);
}

/** A path that takes up all of the text from `from` on. */
export function parsePath(text: string, from = 0): Path {
  const { path, end } = readPath(text, from);
  if (end < text.length) throw new Slip(`${quote(text.slice(end))} cannot follow in a path`, end);
  return path;
}

/** The path that begins at `from`, and where it ends. */
function readPath(text: string, from: number): { path: Path; end: number } {
  const root = match(NAME, text, from);
  if (root === undefined)
    throw new Slip(`a path must begin with a name, not ${quote(text.slice(from)) || 'nothing'}`, from);
  const steps: PathStep[] = [];
  let end = from + root.length;
  for (;;) {
    const next = text[end];
    const read = next === '.' ? readProperty : next === '[' ? readBracket : next === '(' ? readCall : undefined;
    if (read === undefined) break;
    const { step, end: after } = read(text, end);
    steps.push(step);
    end = after;
  }
  return { path: { root, steps, text: text.slice(from, end) }, end };
}

interface Read {
  step: PathStep;
  end: number;
}

function readProperty(text: string, dot: number): Read {
  const key = match(PROPERTY, text, dot + 1);
  if (key === undefined) throw new Slip('a property name must follow the dot', dot + 1);
  return { step: { key }, end: dot + 1 + key.length };
}

function readBracket(text: string, open: number): Read {
  const inner = open + 1;
  if (text[inner] === '@' || text.startsWith('Symbol.', inner)) {
    const { path, end } = readPath(text, text[inner] === '@' ? inner + 1 : inner);
    if (text[end] !== ']') throw new Slip('"]" is missing', end);
    return { step: { computed: path }, end: end + 1 };
  }
  const close = text.indexOf(']', inner);
  if (close < 0) throw new Slip('"]" is missing', text.length);
  if (close === inner) throw new Slip('a key is missing in the brackets', inner);
  const key = text.slice(inner, close);
  if (/^(?:"[^"]*"|'[^']*')$/.test(key))
    throw new Slip(`text in brackets is the key as it is: write [${key.slice(1, -1)}] without quotes`, inner);
  return { step: { key }, end: close + 1 };
}

function readCall(text: string, open: number): Read {
  if (text[open + 1] === ')') return { step: { call: true }, end: open + 2 };
  const args: Path[] = [];
  let at = open + 1;
  for (;;) {
    const { path, end } = readPath(text, at);
    args.push(path);
    if (text[end] === ')') return { step: { call: true, args }, end: end + 1 };
    const comma = match(/, */y, text, end);
    if (comma === undefined) throw new Slip('")" is missing: a path passes paths only', end);
    at = end + comma.length;
  }
}

/** `PATH`, `typeof PATH`, `PATH instanceof PATH`, `PATH is PATH`, `"key" in PATH`. */
export function parseExpression(text: string): Expression {
  if (text.startsWith('typeof ')) return { op: 'typeof', left: parsePath(text, 7), text };
  const key = /^(["'])(.*?)\1 in /.exec(text);
  if (key) return { op: 'in', key: key[2]!, left: parsePath(text, key[0].length), text };
  const { path, end } = readPath(text, 0);
  if (end === text.length) return { left: path, text };
  const op = match(/ (?:instanceof|is) /y, text, end);
  if (op === undefined) {
    const forms = '"typeof PATH", "PATH instanceof PATH", "PATH is PATH", \'"key" in PATH\'';
    throw new Slip(`${quote(text.slice(end))} cannot follow: an expression is a path, or ${forms}`, end);
  }
  return { op: op.trim() as 'instanceof' | 'is', left: path, right: parsePath(text, end + op.length), text };
}

/** Text with paths in braces; `{{` and `}}` stand for braces. */
export function parseFormat(text: string): (string | Path)[] {
  const parts: (string | Path)[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if ((c === '{' || c === '}') && text[i + 1] === c) {
      plain += c;
      i++;
    } else if (c === '{') {
      const { path, end } = readPath(text, i + 1);
      if (text[end] !== '}') throw new Slip('"}" is missing after the path', end);
      if (plain) parts.push(plain);
      plain = '';
      parts.push(path);
      i = end;
    } else if (c === '}') {
      throw new Slip('"}" without "{": a brace as text is doubled, "}}"', i);
    } else plain += c;
  }
  if (plain) parts.push(plain);
  return parts;
}

/** A path and the paths in its brackets and calls. */
export function* pathsIn(path: Path): Generator<Path> {
  yield path;
  for (const step of path.steps) {
    if ('computed' in step) yield* pathsIn(step.computed);
    else if ('call' in step) for (const arg of step.args ?? []) yield* pathsIn(arg);
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function quote(text: string): string {
  return text === '' ? '' : JSON.stringify(text);
}
