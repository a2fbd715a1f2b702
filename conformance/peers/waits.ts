/** Why a step cannot go on. */

/** The vector's end came while a step was waiting. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** A step's wish can no longer be met; the message says why. */
export class Unmet extends Error {
  override readonly name: string = 'Unmet';
}

/** The same, because the connection is gone: the natural end of a loop `for as long as the connection lasts`. */
export class ConnectionGone extends Unmet {
  override readonly name = 'ConnectionGone';
}

type Cleanup = () => void;

/** Something whose changes can be followed. */
export interface Changing {
  subscribe(observer: () => void): () => void;
}

const UNCHANGING: Changing = { subscribe: () => () => {} };

/** Everything that one peer's scripts are waiting for, so that the vector's end can abandon it all. */
export class Waits {
  readonly #pending = new Set<() => void>();
  #over = false;

  /**
   * A promise that the vector's end rejects with `Abandoned`.
   *
   * @param begin - starts waiting; what it returns is called when the wait is abandoned
   */
  wait<T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => Cleanup | undefined): Promise<T> {
    if (this.#over) return Promise.reject(new Abandoned());
    return new Promise((resolve, reject) => {
      let cleanup: Cleanup | undefined;
      const abandon = () => {
        cleanup?.();
        reject(new Abandoned());
      };
      this.#pending.add(abandon);
      const settle =
        <A>(settled: (value: A) => void) =>
        (value: A) => {
          this.#pending.delete(abandon);
          settled(value);
        };
      cleanup = begin(settle(resolve), settle(reject));
    });
  }

  promise<T>(promise: Promise<T>): Promise<T> {
    return this.wait((resolve, reject) => {
      promise.then(resolve, reject);
      return undefined;
    });
  }

  /**
   * Asks after every change of the source, until there is an answer or the question throws.
   *
   * @param ms - waits no longer than so (and no shorter, though timers may fire a fraction early); the answer is
   * undefined then
   */
  until<T>(source: Changing, poll: () => T | undefined, ms?: number): Promise<T | undefined> {
    const end = performance.now() + (ms ?? 0);
    return this.wait((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = () => {
        unsubscribe();
        clearTimeout(timer);
      };
      const check = () => {
        try {
          const answer = poll();
          if (answer === undefined) return;
          stop();
          resolve(answer);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      const expire = () => {
        const left = end - performance.now();
        if (left > 0) {
          timer = setTimeout(expire, left);
          return;
        }
        stop();
        resolve(undefined);
      };
      const unsubscribe = source.subscribe(check);
      if (ms !== undefined) timer = setTimeout(expire, ms);
      check();
      return stop;
    });
  }

  async sleep(ms: number): Promise<void> {
    await this.until(UNCHANGING, () => undefined, ms);
  }

  /** The next turn of the event loop. */
  turn(): Promise<void> {
    return this.wait((resolve) => {
      const immediate = setImmediate(resolve);
      return () => clearImmediate(immediate);
    });
  }

  end(): void {
    this.#over = true;
    for (const abandon of [...this.#pending]) abandon();
    this.#pending.clear();
  }
}
