/** Rules for each state, written for people, made into a table that answers for a state and an octet at once. */
import { type CharacterSet, characters } from './grammar.js';
import type { ParseErrorCode } from './parse-error.js';

/** What happens on some octets in a state. */
export type Rule<State extends string, Action extends string> = Transition<State, Action> | Failure;

interface Transition<State extends string, Action extends string> {
  on: CharacterSet;
  next: State;
  action: Action | undefined;
  /** The octet is not taken: the next state sees it again. */
  again: boolean;
  mode: Mode;
}

export interface Failure {
  on: CharacterSet;
  code: ParseErrorCode;
  reason: string;
  /** 1 when the octet at fault counts as parsed. */
  offset: 0 | 1;
  mode: Mode;
}

/** Which parsers a rule is for: all, or those with and without `insecureHTTPParser`. */
type Mode = 'any' | 'strict' | 'lenient';

/** For each state its rules; the first that names an octet holds. The last names ANY. */
export type Rules<State extends string, Action extends string> = Record<State, readonly Rule<State, Action>[]>;

/** The rules as they are; the type checker holds the states that they lead to against those that there are. */
export function defineRules<Action extends string>() {
  return <State extends string>(rules: Record<State, readonly Rule<NoInfer<State>, Action>[]>): Rules<State, Action> =>
    rules;
}

export const ANY = new Uint8Array(256).fill(1);

/** Takes the octet and goes on to a state. */
export function on<State extends string, Action extends string = never>(
  set: CharacterSet | string,
  next: State,
  action?: Action,
): Transition<State, Action> {
  return { on: asSet(set), next, action, again: false, mode: 'any' };
}

/** Goes on to a state that looks at the same octet. */
export function again<State extends string, Action extends string = never>(
  set: CharacterSet | string,
  next: State,
  action?: Action,
): Transition<State, Action> {
  return { on: asSet(set), next, action, again: true, mode: 'any' };
}

/** Refuses the octet. */
export function fail(set: CharacterSet | string, code: ParseErrorCode, reason: string, offset: 0 | 1 = 0): Failure {
  return { on: asSet(set), code, reason, offset, mode: 'any' };
}

/** The rule, for parsers that keep to the RFC. */
export function strict<R extends { mode: Mode }>(rule: R): R {
  return { ...rule, mode: 'strict' };
}

/** The rule, for parsers with `insecureHTTPParser`. */
export function lenient<R extends { mode: Mode }>(rule: R): R {
  return { ...rule, mode: 'lenient' };
}

function asSet(set: CharacterSet | string): CharacterSet {
  return typeof set === 'string' ? characters(set) : set;
}

/**
 * The table. An entry, at `state << 8 | octet`, is `next | action << 8`, with AGAIN where the octet is to be seen again;
 * or FAIL and an index into `failures`.
 */
export interface TransitionTable {
  entries: Uint16Array;
  failures: Failure[];
}

export const AGAIN = 0x4000;
export const FAIL = 0x8000;

/** Numbers for the names: states and actions are numbered in the order of their lists, actions from 1. */
export function compile<State extends string, Action extends string>(
  rules: Rules<State, Action>,
  actions: readonly Action[],
  mode: 'strict' | 'lenient',
): TransitionTable {
  const states = Object.keys(rules) as State[];
  const table: TransitionTable = { entries: new Uint16Array(states.length << 8), failures: [] };
  const number = (rule: Rule<State, Action>): number => {
    if ('code' in rule) return FAIL | (table.failures.push(rule) - 1);
    const action = rule.action === undefined ? 0 : actions.indexOf(rule.action) + 1;
    return states.indexOf(rule.next) | (action << 8) | (rule.again ? AGAIN : 0);
  };
  for (const [state, name] of states.entries()) {
    const row = table.entries.subarray(state << 8, (state + 1) << 8);
    // The last rule first, so that those before it have the last word.
    for (const rule of rules[name].toReversed()) {
      if (rule.mode !== 'any' && rule.mode !== mode) continue;
      const entry = number(rule);
      for (let octet = 0; octet < 256; octet++) if (rule.on[octet] === 1) row[octet] = entry;
    }
  }
  return table;
}

/** The number of each state. */
export function numbers<Name extends string>(names: readonly Name[], from = 0): Record<Name, number> {
  return Object.fromEntries(names.map((name, i) => [name, i + from])) as Record<Name, number>;
}
