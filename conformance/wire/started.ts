/** Servers that are started for a run and stopped after it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Runtime } from '../plan.js';
import type { Launch } from '../targets/launch.js';
import { WireFault } from './target.js';

/** Milliseconds in which a server must be up. */
const START = 30_000;
/** Milliseconds after which one that does not end on SIGTERM is killed. */
const STOP = 2_000;

export interface Started {
  port: number;
  runtime?: Runtime;
  alive(): boolean;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('./servers/main.js', import.meta.url));

/**
 * Starts the small server of a module in the target's runtime.
 * @throws WireFault when it does not come up
 */
export async function startModule(launch: Launch, version: 'http1' | 'http2'): Promise<Started> {
  const [file = process.execPath, ...flags] = launch.command;
  const module = version === 'http1' ? launch.modules.http : launch.modules.http2;
  const child = spawn(file, [...flags, program, version, module], {
    cwd: launch.cwd,
    env: { ...process.env, ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const line = await firstLine(child, `the ${version} server of ${launch.id}`);
  return { ...(JSON.parse(line) as { port: number; runtime: Runtime }), ...handles(child) };
}

/**
 * Runs a command until something listens on the port.
 * @throws WireFault when the command ends before, or nothing listens in time
 */
export async function startCommand(command: string, host: string, port: number): Promise<Started> {
  if (await listens(host, port)) throw new WireFault(`something listens on ${host}:${port} already`);
  const child = spawn(command, { shell: true, stdio: 'ignore', detached: process.platform !== 'win32' });
  const handle = handles(child);
  const end = performance.now() + START;
  while (!(await listens(host, port))) {
    const why = !handle.alive() ? 'it has ended' : performance.now() > end ? `nothing after ${START / 1000} s` : '';
    if (why !== '') {
      await handle.stop();
      throw new WireFault(`"${command}" does not listen on ${host}:${port}: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, ...handle };
}

function handles(child: ChildProcess): Pick<Started, 'alive' | 'stop'> {
  const alive = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const stop = async () => {
    if (!alive()) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    kill(child, 'SIGTERM');
    const timer = setTimeout(() => kill(child, 'SIGKILL'), STOP);
    await ended;
    clearTimeout(timer);
  };
  return { alive, stop };
}

/** The whole group: a shell passes no signal on. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function firstLine(child: ChildProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    let errors = '';
    const fail = (why: string) => {
      kill(child, 'SIGKILL');
      reject(new WireFault(`${what} does not start: ${why}`));
    };
    const timer = setTimeout(() => fail(`nothing after ${START / 1000} s`), START);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      const end = printed.indexOf('\n');
      if (end === -1) return;
      clearTimeout(timer);
      resolve(printed.slice(0, end));
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-2_000);
    });
    child.on('error', (error) => fail(error.message));
    child.on('exit', () => {
      clearTimeout(timer);
      fail(errors.trim().split('\n').at(-1) || 'it has ended');
    });
  });
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
