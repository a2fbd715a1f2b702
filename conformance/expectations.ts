/** The expectations file: verdicts a project knows of, so that a run tells what is new. */
import picomatch from 'picomatch';
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { FAILING, type Result, type Results, VERDICTS, type Verdict } from '../reports/model.js';

/** One entry of the file. */
export interface Expectation {
  /** Id of a vector, or a glob (`http2.push.*`). */
  id: string;
  verdict: Verdict;
  /** Why the verdict is what it is, for reports. */
  reason: string;
  /** Where this is tracked, such as an issue's URL. */
  link?: string;
  /** ISO date from which the entry no longer counts, so that no known failure is forgotten. */
  until?: string;
  /** In the file. */
  line: number;
}

/** A file that cannot be used; each fault is one line, `file:line:column: what is wrong`. */
export class ExpectationsFault extends Error {
  override name = 'ExpectationsFault';
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
  }
}

const REQUIRED = ['id', 'verdict', 'reason'];
const KEYS = [...REQUIRED, 'link', 'until'];

/**
 * Reads an expectations file.
 * @param file its name, for faults
 * @throws ExpectationsFault with all that is wrong
 */
export function parseExpectations(text: string, file: string): Expectation[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults: string[] = [];
  const fault = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    faults.push(`${file}:${line}:${col}: ${message}`);
  };
  for (const error of [...document.errors, ...document.warnings]) fault(error.pos[0], error.message);
  if (faults.length) throw new ExpectationsFault(faults);

  const expectations: Expectation[] = [];
  const { contents } = document;
  if (isSeq(contents)) {
    for (const item of contents.items) {
      if (isMap(item)) expectations.push(readEntry(item, lineCounter.linePos(item.range?.[0] ?? 0).line, fault));
      else fault(offsetOf(item), 'an entry is a map with id, verdict and reason');
    }
  } else if (contents !== null) {
    fault(offsetOf(contents), 'expectations are a list: "- id: …", "  verdict: …", "  reason: …"');
  }
  if (faults.length) throw new ExpectationsFault(faults);
  return expectations;
}

type Fault = (offset: number, message: string) => void;

/** Reports what is wrong with an entry; the value returned counts only when nothing is. */
function readEntry(map: YAMLMap, line: number, fault: Fault): Expectation {
  const texts: { [key: string]: string } = {};
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (!KEYS.includes(key)) fault(offsetOf(pair.key), `unknown key "${key}": known are ${KEYS.join(', ')}`);
    else texts[key] = readText(key, pair, fault);
  }
  for (const key of REQUIRED) if (!(key in texts)) fault(map.range?.[0] ?? 0, `an entry needs "${key}"`);
  const { id = '', verdict = '', reason = '', ...others } = texts;
  return { id, verdict: verdict as Verdict, reason, ...others, line };
}

function readText(key: string, pair: Pair, fault: Fault): string {
  const value = isScalar(pair.value) ? pair.value.value : undefined;
  const offset = offsetOf(pair.value ?? pair.key);
  if (typeof value !== 'string' || value.trim() === '') fault(offset, `"${key}" is a text`);
  else if (key === 'verdict' && !(VERDICTS as readonly string[]).includes(value))
    fault(offset, `unknown verdict "${value}": known are ${VERDICTS.join(', ')}`);
  else if (key === 'until' && !isDate(value)) fault(offset, `"until" is a date such as 2030-01-31`);
  else return value;
  return '';
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function offsetOf(node: unknown): number {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;
}

/** Tells whether ids match a glob (`http.agent.*`), or are that very id. `*` stands for dots too. */
export function idMatcher(glob: string): (id: string) => boolean {
  const matches = picomatch(glob, { dot: true, nonegate: true, bash: true });
  return (id) => id === glob || matches(id);
}

/** How results compare with what was expected of them. */
export interface Comparison {
  /** The same results; those that an entry covers carry `expected`. */
  results: Result[];
  /** Failures that nobody expected, or of another kind than expected. */
  regressions: Result[];
  /** Results better than expected: entries to remove. */
  surprises: Result[];
}

function isOver({ until }: Expectation, today: string): boolean {
  return until !== undefined && today >= until;
}

const TODAY = new Date().toISOString().slice(0, 10);

/** Entries that do nothing: no vector has such an id, or their time is over. Each note is one line. */
export function idleEntries(
  expectations: readonly Expectation[],
  ids: readonly string[],
  today: string = TODAY,
): string[] {
  return expectations.flatMap((entry) => {
    if (isOver(entry, today)) return [`line ${entry.line}: "${entry.id}" was expected until ${entry.until} only`];
    if (!ids.some(idMatcher(entry.id))) return [`line ${entry.line}: no vector matches "${entry.id}"`];
    return [];
  });
}

/**
 * Compares results with the expectations. An entry with the very id counts before globs, and of globs the first.
 * @param today ISO date; entries whose `until` has come do not count
 */
export function applyExpectations(
  results: readonly Result[],
  expectations: readonly Expectation[],
  today: string = TODAY,
): Comparison {
  const find = finder(expectations.filter((entry) => !isOver(entry, today)));
  const comparison: Comparison = { results: [], regressions: [], surprises: [] };
  for (const plain of results) {
    const entry = find(plain.id);
    const result = entry ? { ...plain, expected: { verdict: entry.verdict, reason: entry.reason } } : plain;
    comparison.results.push(result);
    const change = compare(result.verdict, entry?.verdict);
    if (change === 'worse') comparison.regressions.push(result);
    if (change === 'better') comparison.surprises.push(result);
  }
  return comparison;
}

function finder(expectations: readonly Expectation[]): (id: string) => Expectation | undefined {
  const exact = new Map<string, Expectation>();
  for (const entry of expectations) if (!exact.has(entry.id)) exact.set(entry.id, entry);
  const globs = expectations.map((entry) => ({ entry, matches: idMatcher(entry.id) }));
  return (id) => exact.get(id) ?? globs.find(({ matches }) => matches(id))?.entry;
}

/** `blocked` and `not-applicable` say nothing about the implementation: neither better nor worse than a failure. */
function compare(actual: Verdict, expected: Verdict | undefined): 'as expected' | 'worse' | 'better' {
  if (actual === expected) return 'as expected';
  if (FAILING.includes(actual)) return 'worse';
  const better = actual === 'pass' || actual === 'disputed';
  return better && expected !== undefined && expected !== 'pass' && expected !== 'disputed' ? 'better' : 'as expected';
}

/**
 * Exit status of a run: 0 when every verdict is as expected (without expectations: no fail, crash or timeout),
 * 1 when one is not, 2 when the harness itself broke (a verdict `error`).
 */
export function exitStatus(results: Results['results'], comparison: Comparison): 0 | 1 | 2 {
  if (results.some(({ verdict }) => verdict === 'error')) return 2;
  return comparison.regressions.length + comparison.surprises.length > 0 ? 1 : 0;
}
