/** `node@22`: the newest release of a major version, as the npm registry has it, remembered for a day. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TargetFault } from './fault.js';
import { executableOf, publishedVersions, targetsFolder } from './install.js';
import type { RuntimeName } from './runtimes.js';

/** Milliseconds that an answer of the registry is good for. */
const FRESH = 24 * 60 * 60 * 1000;

const MEMORY = '.newest.json';

export interface MajorOptions {
  /** Ask the registry; otherwise what is installed has to do. */
  ask: boolean;
  /** Told which version the major stands for. */
  log(line: string): void;
}

/**
 * The newest version of a major: as remembered, as the registry says, or, where it cannot be asked, as installed.
 * @throws TargetFault when none of them knows one
 */
export async function newestOf(name: RuntimeName, major: string, options: MajorOptions): Promise<string> {
  const id = `${name}@${major}`;
  const version = options.ask ? await askedOrInstalled(name, major, options) : newest(installed(name, major));
  if (version === undefined) throw new TargetFault(`no ${id} is installed: run "plumbline targets install ${id}"`);
  options.log(`${id} is ${version}`);
  return version;
}

async function askedOrInstalled(name: RuntimeName, major: string, { log }: MajorOptions): Promise<string | undefined> {
  const id = `${name}@${major}`;
  const known = remembered()[id];
  if (known && Date.now() - Date.parse(known.asked) < FRESH) return known.version;
  try {
    const version = newest((await publishedVersions(name, major)).filter((one) => one.startsWith(`${major}.`)));
    if (version === undefined) throw new TargetFault(`${id} does not exist for this machine on the npm registry`);
    remember(id, version);
    return version;
  } catch (error) {
    const version = newest(installed(name, major));
    if (!(error instanceof TargetFault) || version === undefined) throw error;
    log(`${error.message}; taking what is installed`);
    return version;
  }
}

/** Without pre-releases. */
function newest(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

function installed(name: RuntimeName, major: string): string[] {
  const folder = targetsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((id) => {
    const version = id.startsWith(`${name}@${major}.`) ? id.slice(name.length + 1) : '';
    return version !== '' && existsSync(executableOf({ id, name, version })) ? [version] : [];
  });
}

type Memory = { [id: string]: { version: string; asked: string } };

function remembered(): Memory {
  try {
    return JSON.parse(readFileSync(join(targetsFolder(), MEMORY), 'utf8')) as Memory;
  } catch {
    return {};
  }
}

function remember(id: string, version: string): void {
  try {
    mkdirSync(targetsFolder(), { recursive: true });
    const memory = { ...remembered(), [id]: { version, asked: new Date().toISOString() } };
    writeFileSync(join(targetsFolder(), MEMORY), `${JSON.stringify(memory, null, 2)}\n`);
  } catch {
    // It will be asked again.
  }
}
