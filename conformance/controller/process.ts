/** An executor as a child process: starting it, reading its lines, and telling how it came to grief. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type FromExecutor, type ModuleName, RECORD, type Recording, type Runtime, type ToExecutor } from '../plan.js';
import type { Launch } from '../targets/launch.js';
import type { Link } from './link.js';

export type Crash = NonNullable<Recording['crash']>;

/** What an implementation may print before it counts as a flood, in bytes. */
const FLOOD = 1_048_576;
/** How long a start may take, in milliseconds: a first start reads a large binary from disk. */
const START = 30_000;
/** How long a module may take to load, in milliseconds. */
const LOAD = 15_000;
/** An event loop that does not answer for so many milliseconds hangs. */
const HANG = 6_000;
const PING = 1_000;

const script = fileURLToPath(new URL('../executor/main.js', import.meta.url));

/** The runtime itself does not start: told in one line. */
export class StartFault extends Error {
  override name = 'StartFault';
}

export class ExecutorProcess implements Link {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #prefix: string;
  readonly #listeners = new Set<(message: FromExecutor) => void>();
  readonly #crashListeners = new Set<(crash: Crash) => void>();
  #crash: Crash | undefined;
  #pending = '';
  #printed = 0;
  #stderr = '';
  #answered = performance.now();
  #heartbeat: NodeJS.Timeout | undefined;

  private constructor(launch: Launch) {
    const token = randomBytes(8).toString('hex');
    this.#prefix = RECORD + token;
    const [file = process.execPath, ...flags] = launch.command;
    const args = [...flags, script, '--http', launch.modules.http, '--http2', launch.modules.http2, '--token', token];
    this.#child = spawn(file, args, {
      cwd: launch.cwd,
      env: { ...process.env, ...launch.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C is for the controller, which ends the executor when it has what it needs.
      detached: process.platform !== 'win32',
    });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-4_096);
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', (error) => this.#fail({ kind: 'start', message: error.message }));
    this.#child.on('close', (code, signal) => this.#fail({ kind: 'exit', message: this.#exitMessage(code, signal) }));
  }

  /**
   * Starts an executor and loads modules into it.
   * @returns the executor, what it runs in, and the modules that could not be loaded, each with its reason.
   * @throws StartFault when the runtime itself does not start.
   */
  static async start(launch: Launch): Promise<{ executor: ExecutorProcess; runtime: Runtime }> {
    const executor = new ExecutorProcess(launch);
    const hello = await executor.#answer((message) => (message.type === 'hello' ? message : undefined), START);
    if ('crash' in hello) {
      executor.kill();
      throw new StartFault(`${launch.id} does not start: ${hello.crash.message}`);
    }
    executor.#heartbeat = setInterval(() => executor.#beat(), PING).unref();
    return { executor, runtime: hello.answer.runtime };
  }

  /** @returns why the module cannot be loaded. */
  async load(module: ModuleName): Promise<string | undefined> {
    this.send({ type: 'load', module });
    const loaded = await this.#answer(
      (message) => (message.type === 'loaded' && message.module === module ? message : undefined),
      LOAD,
    );
    if ('answer' in loaded) return loaded.answer.error;
    const { kind, message } = loaded.crash;
    return kind === 'exit' ? `the process ${message}` : message;
  }

  send(message: ToExecutor): void {
    if (!this.#crash) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  onMessage(listener: (message: FromExecutor) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onCrash(listener: (crash: Crash) => void): void {
    if (this.#crash) listener(this.#crash);
    else this.#crashListeners.add(listener);
  }

  get crashed(): boolean {
    return this.#crash !== undefined;
  }

  kill(): void {
    clearInterval(this.#heartbeat);
    this.#crashListeners.clear();
    this.#crash ??= { kind: 'exit', message: 'stopped' };
    this.#child.kill('SIGKILL');
  }

  /** The first message that the filter picks, unless the process comes to grief before or time is up. */
  #answer<T>(pick: (message: FromExecutor) => T | undefined, ms: number): Promise<{ answer: T } | { crash: Crash }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#fail({ kind: 'hang', message: `no answer within ${ms / 1000} s` });
      }, ms);
      const done = (result: { answer: T } | { crash: Crash }) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(result);
      };
      const listener = (message: FromExecutor) => {
        const answer = pick(message);
        if (answer !== undefined) done({ answer });
        else if (message.type === 'fault') done({ crash: { kind: message.kind, message: message.message } });
      };
      this.#listeners.add(listener);
      this.onCrash((crash) => done({ crash }));
    });
  }

  #read(chunk: string): void {
    const lines = (this.#pending + chunk).split('\n');
    this.#pending = lines.pop() ?? '';
    let printed = 0;
    for (const line of lines) {
      const message = line.startsWith(this.#prefix) ? parse(line.slice(this.#prefix.length)) : undefined;
      if (message) this.#receive(message);
      else printed += line.length;
    }
    // A line without an end must not fill the memory; the longest of our own lines is far below this.
    if (this.#pending.length > 64 * FLOOD || !this.#pending.startsWith(this.#prefix.slice(0, this.#pending.length))) {
      printed += this.#pending.length;
      if (this.#pending.length > FLOOD) this.#pending = '';
    }
    this.#printed += printed;
    if (this.#printed > FLOOD) {
      this.#fail({ kind: 'flood', message: `printed more than ${FLOOD / 1_048_576} MiB to stdout` });
    }
  }

  #receive(message: FromExecutor): void {
    this.#answered = performance.now();
    for (const listener of [...this.#listeners]) listener(message);
  }

  #beat(): void {
    const silence = performance.now() - this.#answered;
    if (silence > HANG) this.#fail({ kind: 'hang', message: `the event loop stood still for ${HANG / 1000} s` });
    else this.send({ type: 'ping' });
  }

  #fail(crash: Crash): void {
    if (this.#crash) return;
    this.#crash = crash;
    clearInterval(this.#heartbeat);
    this.#child.kill('SIGKILL');
    for (const listener of this.#crashListeners) listener(crash);
  }

  #exitMessage(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `killed by ${signal}` : `exited with status ${code}`;
    const last = this.#stderr
      .trim()
      .split('\n')
      .filter((line) => /\S/.test(line));
    const said = last.find((line) => /error/i.test(line)) ?? last.at(-1);
    return said ? `${how}: ${said.trim().slice(0, 300)}` : how;
  }
}

function parse(json: string): FromExecutor | undefined {
  try {
    return JSON.parse(json) as FromExecutor;
  } catch {
    return undefined;
  }
}
