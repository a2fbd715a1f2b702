/** What steps and peers' scripts expect, each as a question to the lines that were recorded for it. */

import type { Choice, Expected, Line, Matcher, PeerScript, PeerStep, Seen, Step } from '../plan.js';
import { type Context, type Mismatch, match } from './match.js';
import { nameError, nameExpectedError, showMatcher, showSeen } from './show.js';
import { isTag } from './tags.js';
import { allPeerSteps, allSteps } from './walk.js';

export type SawLine = Extract<Line, { k: 'saw' }>;
export type OutcomeLine = Extract<Line, { k: 'outcome' }>;

/** One expectation; `judge` is asked for each line that was recorded for it. */
export interface Expectation {
  n: number;
  line: number;
  /** As a person knows it: `check agent.maxSockets`. */
  what: string;
  /** What has to be seen. */
  wanted: string;
  answers(line: Line): line is SawLine | OutcomeLine;
  judge(line: SawLine | OutcomeLine): Complaint | null;
}

/** What is wrong with what was seen. */
export interface Complaint extends Mismatch {
  /** The fault in one line, where it is not `what: expected …, got …`. */
  says?: string;
}

/** @returns the expectations of a vector's steps, in the order they are written. */
export function stepExpectations(steps: Step[], context: Context): Expectation[] {
  return [...allSteps(steps)].flatMap((step) => ofStep(step, context));
}

/** @returns the expectations of a peer's script, in the order they are written. */
export function peerExpectations(peer: PeerScript, context: Context): Expectation[] {
  return [...allPeerSteps(peer.script)].flatMap((step) => {
    const expectation = ofPeerStep(step, context);
    if (!expectation) return [];
    const answers = (line: Line): line is SawLine => line.k === 'saw' && line.n === step.n;
    return [{ n: step.n, line: step.line, what: `${peer.name}: ${step.text}`, answers, ...expectation }];
  });
}

function ofStep(step: Step, context: Context): Expectation[] {
  const { n, line } = step;
  switch (step.op) {
    case 'check':
      return step.items.map(({ expression, matcher }, item) => ({
        ...saw(n, line, item, `check ${expression.text}`, matcher, context),
      }));
    case 'call':
      return [
        ...(step.throws === undefined ? [] : [thrown(step, step.throws, 'throw', context)]),
        ...(step.rejects === undefined ? [] : [thrown(step, step.rejects, 'reject', context)]),
        ...(step.returns === undefined ? [] : [saw(n, line, 0, `${step.text} returned`, step.returns, context)]),
      ];
    case 'set':
      return step.throws === undefined ? [] : [thrown(step, step.throws, 'throw', context)];
    case 'iterate':
      return step.rejects === undefined ? [] : [thrown(step, step.rejects, 'reject', context)];
    default:
      return [];
  }
}

function saw(n: number, line: number, item: number, what: string, matcher: Matcher, context: Context): Expectation {
  return {
    n,
    line,
    what,
    wanted: showMatcher(matcher),
    answers: (recorded): recorded is SawLine => recorded.k === 'saw' && recorded.n === n && recorded.item === item,
    judge: (recorded) => match(matcher, (recorded as SawLine).value, context),
  };
}

function thrown(step: Step, matcher: Matcher, verb: 'throw' | 'reject', context: Context): Expectation {
  const wanted = nameExpectedError(matcher);
  return {
    n: step.n,
    line: step.line,
    what: step.text,
    wanted: `to ${verb} ${wanted}`,
    answers: (recorded): recorded is OutcomeLine => recorded.k === 'outcome' && recorded.n === step.n,
    judge(recorded) {
      const { threw, returned } = recorded as OutcomeLine;
      if (threw === null) {
        if (mayBeAbsent(matcher)) return null;
        const actual = returned === undefined ? 'no error' : `no error, but ${showSeen(returned)}`;
        const says = `${step.text} did not ${verb}: expected ${wanted}`;
        return { path: '', expected: showMatcher(matcher), actual, says };
      }
      const mismatch = match(matcher, threw, context);
      if (!mismatch) return null;
      const at = mismatch.path === '' ? '' : `${mismatch.path} `;
      const says = `${step.text} ${verb === 'throw' ? 'threw' : 'rejected with'} ${nameError(threw)}: expected ${at}${mismatch.expected}`;
      return { ...mismatch, says: mismatch.path === '' ? says : `${says}, got ${mismatch.actual}` };
    },
  };
}

/** `throws: !absent`: nothing is thrown. */
function mayBeAbsent(matcher: Matcher): boolean {
  if (!isTag(matcher)) return false;
  return matcher.$ === 'absent' || (matcher.$ === 'one-of' && matcher.choices.some(mayBeAbsent));
}

interface PeerExpectation {
  wanted: string;
  /** @param value - what was seen, where it is a part only of what was recorded */
  judge(line: SawLine | OutcomeLine, value?: Seen): Complaint | null;
}

function ofPeerStep(step: PeerStep, context: Context): PeerExpectation | null {
  switch (step.op) {
    case 'receive':
    case 'next':
      return received(step.what, context);
    case 'never':
      return {
        wanted: `no ${frameText(step.what)}`,
        judge: (line) => neverSeen(step.what, (line as SawLine).value, context),
      };
    case 'any-of':
      return reaction(step, context);
    case 'silent':
      return { wanted: `nothing for ${step.ms} ms`, judge: (line) => nothing((line as SawLine).value) };
    case 'closed':
      return { wanted: closedText(step), judge: (line) => closedInTime(step, (line as SawLine).value) };
    case 'connections':
      return {
        wanted: showMatcher(step.matcher),
        judge: (line) => match(step.matcher, (line as SawLine).value, context),
      };
    default:
      return null;
  }
}

function received(what: Expected, context: Context): PeerExpectation {
  // Bare bytes come as latin1 text; the bodies of messages as UTF-8 text.
  const wire: Context = { ...context, wire: what.kind === 'bytes' || what.kind === 'until' ? 'latin1' : 'utf8' };
  const { matcher } = what;
  return {
    wanted: what.kind === 'frame' ? frameText(what) : matcher === null ? `a ${what.kind}` : showMatcher(matcher),
    judge(line, value = (line as SawLine).value) {
      const other = what.kind === 'frame' ? otherFrame(what, value, wire) : null;
      return other ?? (matcher === null ? null : match(matcher, value, wire));
    },
  };
}

type AnyOf = Extract<PeerStep, { op: 'any-of' }>;

/** One of several reactions: of those of the kind that came, one must fit. */
function reaction({ choices, within }: AnyOf, context: Context): PeerExpectation {
  const wanted = choices.map((choice) => choiceText(choice, context)).join(', or ');
  return {
    wanted,
    judge(line) {
      const { value: seen } = line as SawLine;
      const index = field(seen, 'choice');
      const came = String(field(seen, 'came'));
      const chosen = typeof index === 'number' ? choices[index] : undefined;
      const value = field(seen, 'value');
      if (chosen && value === undefined) return null;
      const fits = (choice: Choice) =>
        choice.kind === 'closed' || choice.kind === 'nothing' || !received(choice, context).judge(line, value);
      if (chosen && choices.some((choice) => alike(choice, chosen) && fits(choice))) return null;
      const actual = value === undefined || came === 'closed' ? came : `${came} ${showSeen(value)}`;
      return { path: '', expected: wanted, actual: came === 'nothing' ? `nothing within ${within} ms` : actual };
    },
  };
}

function alike(a: Choice, b: Choice): boolean {
  return (
    a.kind === b.kind && (a.kind !== 'frame' || b.kind !== 'frame' || (a.type === b.type && a.stream === b.stream))
  );
}

function choiceText(choice: Choice, context: Context): string {
  return choice.kind === 'closed' || choice.kind === 'nothing' ? choice.kind : received(choice, context).wanted;
}

type ExpectedFrame = Extract<Expected, { kind: 'frame' }>;

/** The difference when a frame is not even of the type, or on the stream, that was asked for. */
function otherFrame({ type, stream }: ExpectedFrame, frame: Seen, context: Context): Mismatch | null {
  return match({ type, ...(stream === undefined ? {} : { stream }) }, frame, context);
}

function frameText({ type, stream, matcher }: ExpectedFrame): string {
  const named = stream === undefined ? type : `${type} on stream ${stream}`;
  return matcher === null ? named : `${named} ${showMatcher(matcher)}`;
}

/** @param seen - all frames of the connection, or one of them */
function neverSeen(what: ExpectedFrame, seen: Seen, context: Context): Mismatch | null {
  const wire: Context = { ...context, wire: 'utf8' };
  const frames = Array.isArray(seen) ? seen : [seen];
  const found = frames.find(
    (frame) => !otherFrame(what, frame, wire) && (what.matcher === null || !match(what.matcher, frame, wire)),
  );
  return found === undefined ? null : { path: '', expected: `no ${frameText(what)}`, actual: showSeen(found) };
}

function nothing(seen: Seen): Mismatch | null {
  const bytes = field(seen, 'bytes') ?? seen;
  return bytes === 0 ? null : { path: '', expected: 'nothing', actual: showSeen(seen) };
}

type Closed = Extract<PeerStep, { op: 'closed' }>;

function closedInTime(step: Closed, seen: Seen): Mismatch | null {
  const { after = 0, before = Infinity, how } = step;
  const ms = field(seen, 'ms');
  const inTime = typeof ms === 'number' && ms >= after && ms <= before;
  if (inTime && (how === undefined || field(seen, 'how') === how)) return null;
  return { path: '', expected: closedText(step), actual: `${field(seen, 'how')} after ${ms} ms` };
}

function closedText({ after, before, how }: Closed): string {
  const bounds = [
    how ?? 'closed',
    after === undefined ? '' : `after ${after} ms`,
    before === undefined ? '' : `before ${before} ms`,
  ];
  return bounds.filter((bound) => bound !== '').join(', ');
}

function field(seen: Seen, key: string): Seen | undefined {
  if (seen === null || typeof seen !== 'object' || Array.isArray(seen) || isTag(seen)) return undefined;
  return Object.hasOwn(seen, key) ? seen[key] : undefined;
}
