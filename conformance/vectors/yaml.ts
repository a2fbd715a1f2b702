/** YAML as a tree of plain nodes that know where they stand in the source. */

import type { Node as YamlNode } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Fault } from './faults.js';

export type Primitive = null | boolean | number | string;

interface Located {
  /** Outermost first; more than one only after a table's value took the place of a tagged text. */
  tags: readonly string[];
  /** Offset of the first character, tag included. */
  at: number;
  end: number;
}

export interface ScalarNode extends Located {
  kind: 'scalar';
  value: Primitive;
  /** As written: `1.10` where the value is the number 1.1. */
  text: string;
  /** Offset of `text` in the source; null where escapes, folding or a table's value make the two differ. */
  textAt: number | null;
  /** Text that needed no quotes, so that what looks like a number is one. */
  plain: boolean;
}

export interface SeqNode extends Located {
  kind: 'seq';
  items: Node[];
}

export interface MapNode extends Located {
  kind: 'map';
  entries: Entry[];
}

export interface Entry {
  key: ScalarNode;
  value: Node;
  /** `{name}`: a key in braces without colon and value. */
  bare: boolean;
}

export type Node = ScalarNode | SeqNode | MapNode;

/** A file and where its lines begin. */
export class Source {
  readonly file: string;
  readonly text: string;
  readonly lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  fault(at: number, message: string): Fault {
    const { line, col } = this.lines.linePos(at);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  }

  line(at: number): number {
    return this.lines.linePos(at).line;
  }
}

/** The tree of a file, or undefined with the faults of its syntax. */
export function readYaml(source: Source, faults: Fault[]): Node | undefined {
  const document = parse(source);
  for (const error of document.errors) faults.push(source.fault(error.pos[0], inPlainWords(error.code, error.message)));
  if (document.errors.length > 0) return undefined;
  if (document.contents === null) return undefined;
  const before = faults.length;
  const tree = locate(document.contents, source, faults);
  return faults.length > before ? undefined : tree;
}

function parse(source: Source): ReturnType<typeof parseDocument> {
  // The parser makes a warning, an Error with its stack, of every tag that it does not know: of all of ours.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(source.text, { prettyErrors: false, lineCounter: source.lines, logLevel: 'silent' });
  } finally {
    Error.stackTraceLimit = limit;
  }
}

const PLAIN_WORDS: { [code: string]: string } = {
  DUPLICATE_KEY: 'this key stands twice in the same map',
  TAB_AS_INDENT: 'a tab where only spaces may indent',
  MULTIPLE_DOCS: 'a second document begins here: one file holds one list',
};

function inPlainWords(code: string, message: string): string {
  return PLAIN_WORDS[code] ?? `not valid YAML: ${message.split('\n')[0]}`;
}

function locate(node: YamlNode, source: Source, faults: Fault[]): Node {
  const [start, end] = node.range ?? [0, 0, 0];
  const tags = node.tag?.startsWith('!') ? [node.tag] : [];
  const at = tags.length > 0 ? tagAt(source.text, tags[0]!, start) : start;
  if (isMap(node)) {
    const entries = node.items.map((pair): Entry => {
      const key = locate(pair.key as YamlNode, source, faults);
      const value = pair.value as YamlNode | null;
      if (key.kind !== 'scalar') {
        faults.push(source.fault(key.at, 'a key must be text: put it in quotes'));
        return { key: scalar('', key.at, key.end), value: scalar(null, key.end, key.end), bare: false };
      }
      if (key.tags.length > 0) faults.push(source.fault(key.at, `a key takes no tag (${key.tags[0]})`));
      return value === null
        ? { key, value: scalar(null, key.end, key.end), bare: true }
        : { key, value: locate(value, source, faults), bare: false };
    });
    return { kind: 'map', tags, at, end, entries };
  }
  if (isSeq(node)) {
    return { kind: 'seq', tags, at, end, items: node.items.map((item) => locate(item as YamlNode, source, faults)) };
  }
  if (isAlias(node)) {
    faults.push(source.fault(start, 'no aliases: everything a vector does stands in it (for values, use let)'));
  }
  if (!isScalar(node)) return scalar(null, start, end);
  if (node.anchor) faults.push(source.fault(start, 'no anchors: everything a vector does stands in it'));
  const plain = node.type === 'PLAIN';
  const text = plain ? (node.source ?? '') : String(node.value);
  const offset = plain || node.type?.startsWith('BLOCK') ? start : start + 1;
  return {
    kind: 'scalar',
    tags,
    at,
    end,
    value: plain && tags.length > 0 ? plainValue(text) : primitive(node.value, text),
    text,
    textAt: source.text.startsWith(text, offset) ? offset : null,
    plain,
  };
}

function primitive(value: unknown, text: string): Primitive {
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text;
}

/** Offset of a tag that stands before a value. */
function tagAt(text: string, tag: string, valueAt: number): number {
  const at = text.lastIndexOf(tag, valueAt);
  return at < 0 ? valueAt : at;
}

/** What an unquoted text is by YAML's core schema; the parser resolves it only where there is no tag. */
function plainValue(text: string): Primitive {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (
    /^[-+]?(?:\d+|0x[\da-fA-F]+|0o[0-7]+)$/.test(text) ||
    /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)
  )
    return Number(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}

/** A scalar that stands in for something. */
export function scalar(value: Primitive, at: number, end: number): ScalarNode {
  return {
    kind: 'scalar',
    tags: [],
    at,
    end,
    value,
    text: value === null ? '' : String(value),
    textAt: null,
    plain: true,
  };
}

/** The same node under its next tag. */
export function untagged<T extends Node>(node: T): T {
  return { ...node, tags: node.tags.slice(1) };
}

/** The value of a key, if it is there. */
export function valueAt(node: MapNode, key: string): Node | undefined {
  return node.entries.find((entry) => entry.key.text === key)?.value;
}

/** What a node is, in words. */
export function kindOf(node: Node): string {
  if (node.tags.length > 0) return `a value tagged ${node.tags[0]}`;
  if (node.kind !== 'scalar') return node.kind === 'seq' ? 'a list' : 'a map';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? 'text' : `the ${typeof node.value} ${node.text}`;
}

/** The tree as plain data, tags left out, as an editor's validator sees it. */
export function plainData(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plainData);
  const data: { [key: string]: unknown } = Object.create(null);
  for (const entry of node.entries) data[entry.key.text] = plainData(entry.value);
  return data;
}
