/** Names: what the vector has bound, the modules under test, the peers, built-in modules and globals. */
import * as async_hooks from 'node:async_hooks';
import * as buffer from 'node:buffer';
import * as crypto from 'node:crypto';
import * as diagnostics_channel from 'node:diagnostics_channel';
import * as dns from 'node:dns';
import * as events from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as perf_hooks from 'node:perf_hooks';
import * as stream from 'node:stream';
import * as timers from 'node:timers';
import * as tls from 'node:tls';
import * as url from 'node:url';
import * as util from 'node:util';
import { type BUILTINS, GLOBALS } from '../plan.js';

const builtins: Record<(typeof BUILTINS)[number], unknown> = {
  async_hooks,
  buffer,
  crypto,
  diagnostics_channel,
  dns,
  events,
  fs,
  net,
  os,
  path,
  perf_hooks,
  stream,
  timers,
  tls,
  url,
  util,
};
const globals: ReadonlySet<string> = new Set(GLOBALS);

/**
 * The names that a function body, or the vector itself, sees. What a function binds is visible in the whole vector too,
 * but within one call its own names come first.
 */
export class Scope {
  readonly #names = new Map<string, unknown>();
  readonly #parent: Scope | undefined;
  readonly #root: Scope;

  constructor(parent?: Scope) {
    this.#parent = parent;
    this.#root = parent ? parent.#root : this;
  }

  bind(name: string, value: unknown): void {
    this.#names.set(name, value);
    if (name !== 'this' && name !== 'super') this.#root.#names.set(name, value);
  }

  has(name: string): boolean {
    return this.#owner(name) !== undefined || Object.hasOwn(builtins, name) || globals.has(name);
  }

  /** @throws ReferenceError when nothing has bound the name yet. */
  get(name: string): unknown {
    const owner = this.#owner(name);
    if (owner) return owner.#names.get(name);
    if (Object.hasOwn(builtins, name)) return builtins[name as keyof typeof builtins];
    if (globals.has(name)) return (globalThis as Record<string, unknown>)[name];
    throw new ReferenceError(`nothing has bound "${name}" yet`);
  }

  /** All that the vector has bound. */
  values(): unknown[] {
    return [...this.#root.#names.values()];
  }

  #owner(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      if (scope.#names.has(name)) return scope;
    }
    return this.#root.#names.has(name) ? this.#root : undefined;
  }
}
