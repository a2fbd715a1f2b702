/** How to reach an implementation: from what is said on the command line to what the controller starts. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TargetFault } from './fault.js';
import { executableOf, installRelease, type Release, targetsFolder } from './install.js';
import type { Launch } from './launch.js';
import { type MajorOptions, newestOf } from './majors.js';
import { PINNED, RUNTIMES, type RuntimeName } from './runtimes.js';

export { TargetFault } from './fault.js';
export type { Launch } from './launch.js';

/** For messages: what may be given as a target. */
export const KNOWN_TARGETS = 'node, node@X, node@X.Y.Z, bun, bun@X.Y.Z, deno, deno@X.Y.Z, reference, stub';

/** Implementations that come with the package, run in this Node. */
const OWN: { [id: string]: Launch['modules'] & Pick<Launch, 'lacks' | 'follows'> } = {
  reference: {
    http: '../../reference/http/index.js',
    http2: '../../reference/http2/index.js',
    follows: '23.5.0',
    lacks: { 'perf-hooks': "node:perf_hooks takes entries of type 'http2' from Node itself only" },
  },
  stub: { http: './stub/http.js', http2: './stub/http2.js' },
};

export interface TargetOptions {
  /** File that stands in for node:http. */
  http?: string;
  /** File that stands in for node:http2. */
  http2?: string;
  /** Install a runtime that the cache lacks; otherwise that is a fault. */
  install: boolean;
  /** Told what is being installed. */
  log(line: string): void;
}

/**
 * Finds, and if need be installs, the runtime and the modules of a target.
 * @param id `node` (this one), `node@22` (the newest release of that major), `node@23.5.0`, `bun[@X]`, `deno[@X]`, `reference` or
 * `stub`; with `http` or `http2` the files are the implementation, run in that runtime, and a module not given stays the runtime's own
 * @throws TargetFault when there is no such target, file, or version, or it cannot be installed
 */
export async function resolveTarget(id: string, options: TargetOptions): Promise<Launch> {
  const modules = modulesOf(id, options);
  const { lacks, follows } = OWN[id] ?? {};
  const launch = { id: nameOf(id, options), modules, ...(lacks && { lacks }), ...(follows && { follows }) };
  const release = await findRelease(id, { ask: options.install, log: options.log });
  if (!release) return { ...launch, command: [process.execPath] };
  const executable = executableOf(release);
  if (!existsSync(executable)) {
    if (!options.install)
      throw new TargetFault(`${release.id} is not installed: run "plumbline targets install ${release.id}"`);
    await installRelease(release, options.log);
  }
  return { ...launch, ...startOf(release.name, executable) };
}

/** A target as `plumbline targets list` shows it. */
export interface TargetEntry {
  id: string;
  /** One phrase for a person. */
  about: string;
  /** Ready to run without the network. */
  installed: boolean;
}

/** Every target that is known: what is built in, what is pinned, and what the cache has besides. */
export function listTargets(): TargetEntry[] {
  const pinned = Object.entries(PINNED).map(([name, version]) => {
    const installed = isInstalled(`${name}@${version}`);
    return { id: name, about: `${name}@${version}`, installed };
  });
  const others = cached().filter((id) => !pinned.some((entry) => entry.about === id));
  return [
    { id: 'node', about: `this Node, ${process.version}`, installed: true },
    { id: 'reference', about: 'http and http2 of http-plumbline itself, on this Node', installed: true },
    { id: 'stub', about: 'every export present, every function inert', installed: true },
    ...pinned,
    ...others.map((id) => ({ id, about: 'installed', installed: true })),
  ];
}

/**
 * Installs a runtime into the cache unless it is there.
 * @param id as for {@link resolveTarget}; `node`, `reference` and `stub` need no installation, which is a fault
 * @returns path of the executable
 */
export async function installTarget(id: string, log: (line: string) => void): Promise<string> {
  const release = await findRelease(id, { ask: true, log });
  if (!release) throw new TargetFault(`${id} needs no installation`);
  return installRelease(release, log);
}

/** As {@link releaseOf}, also of a major version alone. */
async function findRelease(id: string, options: MajorOptions): Promise<Release | undefined> {
  const [name, version = ''] = split(id);
  if (!isRuntime(name) || !/^\d+$/.test(version)) return releaseOf(id);
  return releaseOf(`${name}@${await newestOf(name, version, options)}`);
}

/** The release that a target id names; undefined for targets that run in this Node. */
function releaseOf(id: string): Release | undefined {
  if (id === 'node' || Object.hasOwn(OWN, id)) return undefined;
  const [name, version] = split(id);
  if (!isRuntime(name)) throw new TargetFault(`unknown target "${id}": known are ${KNOWN_TARGETS}`);
  const wanted = version ?? (name === 'node' ? '' : PINNED[name]);
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted))
    throw new TargetFault(
      `target "${id}": give a whole version, such as ${name}@${example(name)}, or a major one, such as ${name}@${example(name).split('.')[0]}`,
    );
  return { id: `${name}@${wanted}`, name, version: wanted };
}

function split(id: string): [name: string, version: string | undefined] {
  const at = id.indexOf('@');
  return at === -1 ? [id, undefined] : [id.slice(0, at), id.slice(at + 1).replace(/^v/, '')];
}

function isRuntime(name: string): name is RuntimeName {
  return (RUNTIMES as readonly string[]).includes(name);
}

function example(name: RuntimeName): string {
  return name === 'node' ? '23.5.0' : PINNED[name];
}

/** Flags that keep a runtime from installing, updating or fetching anything, and from the user's configuration. */
function startOf(name: RuntimeName, executable: string): Pick<Launch, 'command' | 'env' | 'cwd'> {
  switch (name) {
    case 'node':
      return { command: [executable] };
    case 'bun':
      // Bun reads bunfig.toml and .env from the working directory.
      return { command: [executable, '--no-install'], cwd: dirname(executable) };
    case 'deno':
      return {
        command: [executable, 'run', '-A', '--no-config', '--no-lock', '--no-remote'],
        env: { DENO_NO_UPDATE_CHECK: '1', DENO_NO_PACKAGE_JSON: '1', NO_COLOR: '1' },
        cwd: dirname(executable),
      };
  }
}

function modulesOf(id: string, options: TargetOptions): Launch['modules'] {
  const given = options.http !== undefined || options.http2 !== undefined;
  const own = OWN[id];
  if (own) {
    if (given) throw new TargetFault(`target "${id}" brings its own modules: leave out --http and --http2`);
    return { http: new URL(own.http, import.meta.url).href, http2: new URL(own.http2, import.meta.url).href };
  }
  return {
    http: options.http === undefined ? 'node:http' : fileModule(options.http),
    http2: options.http2 === undefined ? 'node:http2' : fileModule(options.http2),
  };
}

function fileModule(file: string): string {
  const path = resolve(file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new TargetFault(`no such file: ${file}`);
  if (!stat.isFile()) throw new TargetFault(`not a file: ${file}`);
  return pathToFileURL(path).href;
}

/** What reports call the target: `bun`, `my-http.js`, `bun with my-http.js and my-http2.js`. */
function nameOf(id: string, options: TargetOptions): string {
  const files = [options.http, options.http2].filter((file) => file !== undefined).map((file) => basename(file));
  if (!files.length) return id;
  const modules = files.join(' and ');
  return id === 'node' ? modules : `${id} with ${modules}`;
}

function cached(): string[] {
  const folder = targetsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((id) => !id.startsWith('.') && isInstalled(id));
}

function isInstalled(id: string): boolean {
  try {
    const release = releaseOf(id);
    return release !== undefined && existsSync(executableOf(release));
  } catch (error) {
    if (error instanceof TargetFault) return false;
    throw error;
  }
}
