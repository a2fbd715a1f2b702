/** Puts a runtime's binary, version pinned, from the npm registry into the cache folder. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache.js';
import { TargetFault } from './fault.js';
import { machineName, type RuntimeName, type Shipment, shipmentFor, thisMachine } from './runtimes.js';

const run = promisify(execFile);

/** A runtime of one exact version. */
export interface Release {
  /** `bun@1.4.5`; also the name of its folder in the cache. */
  id: string;
  name: RuntimeName;
  version: string;
}

/** Where installed runtimes are kept: `$PLUMBLINE_CACHE/targets`, by default `.plumbline/targets`. */
export function targetsFolder(): string {
  return cacheFolder('targets');
}

/** Path of the release's executable, whether or not it is installed. */
export function executableOf(release: Release): string {
  return pathWithin(join(targetsFolder(), release.id), shipmentOf(release));
}

/**
 * Installs a release unless the cache has it. Installs of the same release at the same time do not disturb each other.
 * @returns path of the executable
 * @throws TargetFault when the version does not exist, the registry cannot be reached, or the binary does not start
 */
export async function installRelease(release: Release, log: (line: string) => void): Promise<string> {
  const executable = executableOf(release);
  if (existsSync(executable)) return executable;
  const shipment = shipmentOf(release);
  const folder = targetsFolder();
  log(`installing ${release.id} (${shipment.package}) into ${folder}`);
  const attempt = await makeAttempt(folder, release.id);
  try {
    await npmInstall(attempt, shipment, release);
    await verify(pathWithin(attempt, shipment), release);
    await publish(attempt, join(folder, release.id));
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
  return executable;
}

/**
 * Versions of a major that the registry has for this machine, in no order.
 * @throws TargetFault when it cannot be asked
 */
export async function publishedVersions(name: RuntimeName, major: string): Promise<string[]> {
  const spec = `${shipmentOf({ name }).package}@${major}`;
  const windows = process.platform === 'win32';
  try {
    const { stdout } = await run('npm', ['view', spec, 'version', '--json', '--loglevel=error'], { shell: windows });
    const printed = stdout.trim() === '' ? [] : (JSON.parse(stdout) as string | string[]);
    return typeof printed === 'string' ? [printed] : printed;
  } catch (error) {
    const release = { id: `${name}@${major}`, name, version: major };
    throw new TargetFault(explainNpm(error as { code?: unknown; stderr?: string; message: string }, spec, release));
  }
}

function shipmentOf({ name }: Pick<Release, 'name'>): Shipment {
  const machine = thisMachine();
  const shipment = shipmentFor(name, machine);
  if (!shipment) throw new TargetFault(`${name} is not on the npm registry for ${machineName(machine)}`);
  return shipment;
}

function pathWithin(folder: string, shipment: Shipment): string {
  return join(folder, 'node_modules', shipment.package, shipment.executable);
}

async function makeAttempt(folder: string, id: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await mkdtemp(join(folder, `.installing-${id}-`));
  } catch (error) {
    throw new TargetFault(`cannot write to the cache folder ${folder}: ${(error as Error).message}`);
  }
}

async function npmInstall(prefix: string, shipment: Shipment, release: Release): Promise<void> {
  const windows = process.platform === 'win32';
  const flags = [
    ...['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
    ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
  ];
  const spec = `${shipment.package}@${release.version}`;
  try {
    // npm on Windows is a batch file, which only a shell starts; the shell needs the path quoted.
    await run('npm', ['install', '--prefix', windows ? `"${prefix}"` : prefix, ...flags, spec], { shell: windows });
  } catch (error) {
    throw new TargetFault(explainNpm(error as { code?: unknown; stderr?: string; message: string }, spec, release));
  }
}

const NETWORK_CODES =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|FETCH_ERROR)$/;

/** One line out of what npm prints when it fails. */
export function explainNpm(
  error: { code?: unknown; stderr?: string; message: string },
  spec: string,
  release: Release,
): string {
  if (error.code === 'ENOENT') return `cannot install ${release.id}: npm is not on the PATH`;
  const printed = error.stderr ?? '';
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(printed)?.[1] ?? '';
  if (code === 'ETARGET' || code === 'E404')
    return `${release.id} does not exist for this machine: the npm registry has no ${spec}`;
  if (NETWORK_CODES.test(code)) return `cannot install ${release.id}: the npm registry cannot be reached (${code})`;
  const first = /^npm (?:error|ERR!) (?!code )(.+)/m.exec(printed)?.[1] ?? error.message.split('\n')[0];
  return `cannot install ${release.id}: ${code ? `${code}: ` : ''}${first}`;
}

/** A binary for another C library or processor installs well and does not start. */
async function verify(executable: string, release: Release): Promise<void> {
  let printed: string;
  try {
    printed = (await run(executable, ['--version'], { timeout: 60_000 })).stdout;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new TargetFault(`${release.id} was installed but does not start: ${reason}`);
  }
  if (!printed.includes(release.version))
    throw new TargetFault(`${release.id} was installed but says it is ${printed.split('\n')[0]}`);
}

/** Moves a complete installation into place; where another process was faster, its installation stands. */
async function publish(attempt: string, place: string): Promise<void> {
  try {
    await rename(attempt, place);
  } catch (error) {
    if (!existsSync(place)) throw new TargetFault(`cannot write ${place}: ${(error as Error).message}`);
  }
}
