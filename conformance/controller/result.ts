/** A vector, its recording and the judgement on it: one result. */

import { FAILING, type Result, type Summary, type TranscriptLine } from '../../reports/model.js';
import type { Judgement } from '../judge/index.js';
import { judge } from '../judge/index.js';
import type { Recording, Requirement, Runtime, Vector } from '../plan.js';
import type { Launch } from '../targets/launch.js';

/** What every result of a run has in common. */
export interface Reporting {
  requirements: Map<string, Requirement>;
  /** The command that performs one vector alone. */
  reproduce(id: string): string;
}

export function resultOf(vector: Vector, recording: Recording, reporting: Reporting): Result {
  const judgement = fairly(vector, recording);
  const result: Result = { ...describe(vector, reporting), verdict: judgement.verdict, ms: Math.round(recording.ms) };
  if (judgement.reason !== undefined) result.reason = judgement.reason;
  if (judgement.shows) result.shows = judgement.shows;
  if (judgement.verdict === 'pass') return result;
  result.reproduce = reporting.reproduce(vector.id);
  if (judgement.failures.length > 0) result.failures = judgement.failures;
  if (judgement.trace) result.trace = judgement.trace;
  const transcript = transcriptOf(recording);
  if (transcript.length > 0) result.transcript = transcript;
  return result;
}

/** Why the vector says nothing of this runtime, or of the implementation in it, if so. */
export function inapplicable(vector: Vector, runtime: Runtime, lacks: Launch['lacks'] = {}): string | undefined {
  const unusable = vector.needs.find((need) => lacks[need] !== undefined);
  if (unusable !== undefined) return `needs ${unusable}: ${lacks[unusable]}`;
  const missing = vector.needs.filter((need) => !runtime.capabilities.includes(need));
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  if (vector.since && !reaches(runtime.node, vector.since)) return `since Node ${vector.since.join(', ')}`;
  if (vector.until && reaches(runtime.node, vector.until)) return `until Node ${vector.until.join(', ')}`;
  return undefined;
}

/** The vector as this runtime has to meet it: a dispute about other versions of Node is none. */
export function asOf(vector: Vector, runtime: Runtime): Vector {
  const { disputed, ...plain } = vector;
  if (!disputed) return vector;
  const within =
    (!disputed.since || reaches(runtime.node, disputed.since)) &&
    !(disputed.until && reaches(runtime.node, disputed.until));
  return within ? vector : plain;
}

export function inapplicableResult(vector: Vector, reason: string, reporting: Reporting): Result {
  return { ...describe(vector, reporting), verdict: 'not-applicable', ms: 0, reason };
}

/** What failed only because something it depends on did becomes `blocked`. Changes the results. */
export function block(results: Map<string, Result>, vectors: Vector[]): void {
  const depends = new Map(vectors.map((vector) => [vector.id, vector.depends]));
  const failed = (result: Result | undefined) =>
    result !== undefined && (FAILING.includes(result.verdict) || result.verdict === 'blocked');
  for (let changed = true; changed; ) {
    changed = false;
    for (const result of results.values()) {
      if (!FAILING.includes(result.verdict)) continue;
      const blockedBy = (depends.get(result.id) ?? []).filter((id) => failed(results.get(id)));
      if (blockedBy.length === 0) continue;
      Object.assign(result, { verdict: 'blocked', blockedBy, reason: `${blockedBy.join(', ')} failed` });
      changed = true;
    }
  }
}

export function summarize(results: Iterable<Result>, ms: number): Summary {
  const summary: Summary = {
    pass: 0,
    fail: 0,
    crash: 0,
    timeout: 0,
    blocked: 0,
    notApplicable: 0,
    disputed: 0,
    error: 0,
    total: 0,
    ms: Math.round(ms),
  };
  for (const { verdict } of results) {
    summary[verdict === 'not-applicable' ? 'notApplicable' : verdict]++;
    summary.total++;
  }
  return summary;
}

function describe(
  vector: Vector,
  { requirements }: Reporting,
): Pick<Result, 'id' | 'title' | 'module' | 'section' | 'covers' | 'source'> {
  return {
    id: vector.id,
    title: vector.title,
    module: vector.module,
    section: vector.section,
    covers: vector.wire
      ? [basisOf(vector.wire)]
      : vector.covers.map((id) => ({ id, says: requirements.get(id)?.says ?? '' })),
    source: `${vector.file}:${vector.line}`,
  };
}

/** What a wire vector rests on, as reports show it: `RFC 9112 §3.2`, `MUST`. */
function basisOf({ rfc, level, cve }: NonNullable<Vector['wire']>): { id: string; says: string } {
  const [number, section] = rfc.split('#');
  return { id: `RFC ${number} §${section}`, says: cve === undefined ? level : `${level}, guards against ${cve}` };
}

/** A judge that fails is the harness's fault, never the implementation's. */
function fairly(vector: Vector, recording: Recording): Judgement {
  try {
    return judge(vector, recording);
  } catch (error) {
    return { verdict: 'error', reason: `the judge failed: ${(error as Error).message}`, failures: [] };
  }
}

function transcriptOf(recording: Recording): TranscriptLine[] {
  return recording.peers
    .flatMap(({ name, transcript }) =>
      transcript.map(({ t, connection, kind, text }) => ({
        t,
        peer: name,
        connection,
        kind,
        ...(text === undefined ? {} : { text }),
      })),
    )
    .sort((a, b) => a.t - b.t);
}

/** Versions with backports: reached by the newest line, or within a line that got it too. */
function reaches(version: string, since: string[]): boolean {
  const newest = [...since].sort(compare).at(-1) as string;
  return (
    compare(version, newest) >= 0 ||
    since.some((from) => from.split('.')[0] === version.split('.')[0] && compare(version, from) >= 0)
  );
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version
      .replace(/^v|-.*$/g, '')
      .split('.')
      .map(Number),
  );
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
