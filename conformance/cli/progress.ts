/** How a run shows that it goes on: a bar on a terminal, lines elsewhere. */
import cliProgress from 'cli-progress';
import { FAILING, type Result } from '../../reports/model.js';

/** Where a run is: vectors done in the n-th of `of` runs. */
export interface Position {
  done: number;
  total: number;
  n: number;
  of: number;
}

export interface Progress {
  /** The n-th of `of` runs begins. */
  start(total: number, n: number, of: number): void;
  result(result: Result, position: Position): void;
  /** Leaves the terminal as it was; nothing is shown after it. */
  end(): void;
}

/** Milliseconds between lines where there is no terminal. */
const PAUSE = 5_000;

const SILENT: Progress = { start() {}, result() {}, end() {} };

/** Chooses by what the stream is; nothing is shown when quiet. */
export function progressOn(stream: NodeJS.WriteStream, quiet: boolean): Progress {
  if (quiet) return SILENT;
  return stream.isTTY ? new Bar(stream) : new Lines((line) => stream.write(`${line}\n`));
}

function isBad({ verdict }: Result): boolean {
  return FAILING.includes(verdict) || verdict === 'error';
}

class Bar implements Progress {
  readonly #bar: cliProgress.SingleBar;
  #bad = 0;
  #ended = false;

  constructor(stream: NodeJS.WriteStream) {
    const format = '{bar} {value}/{total}{run}  {bad}';
    this.#bar = new cliProgress.SingleBar(
      { stream, format, clearOnComplete: true, hideCursor: true, barsize: 30 },
      cliProgress.Presets.shades_classic,
    );
  }

  start(total: number, n: number, of: number): void {
    if (!this.#ended) this.#bar.start(total, 0, this.#payload(n, of));
  }

  result(result: Result, { done, n, of }: Position): void {
    if (isBad(result)) this.#bad++;
    if (!this.#ended) this.#bar.update(done, this.#payload(n, of));
  }

  end(): void {
    this.#ended = true;
    this.#bar.stop();
  }

  #payload(n: number, of: number): { run: string; bad: string } {
    return { run: of > 1 ? `  run ${n} of ${of}` : '', bad: this.#bad > 0 ? `${this.#bad} did not pass` : '' };
  }
}

/** A failure as it comes, each vector's once however often it runs, and every few seconds how far the run is. */
export class Lines implements Progress {
  readonly #write: (line: string) => void;
  readonly #clock: () => number;
  readonly #told = new Set<string>();
  #latest: number;

  /** @param clock in milliseconds */
  constructor(write: (line: string) => void, clock: () => number = () => performance.now()) {
    this.#write = write;
    this.#clock = clock;
    this.#latest = clock();
  }

  start(): void {}

  result(result: Result, { done, total, n, of }: Position): void {
    if (isBad(result) && !this.#told.has(result.id)) {
      this.#told.add(result.id);
      const expected = result.expected?.verdict === result.verdict ? ' (expected)' : '';
      this.#write(`${result.verdict}${expected} ${result.id}: ${result.reason ?? 'no reason given'}`);
    }
    if (this.#clock() - this.#latest < PAUSE) return;
    this.#latest = this.#clock();
    this.#write(`${done}/${total}${of > 1 ? ` of run ${n} of ${of}` : ''}`);
  }

  end(): void {}
}
