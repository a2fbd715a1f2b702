// The connections of a server, and the clock that is held to their requests.

/** A connection whose requests have to come in time. */
export interface TimedConnection {
  /** When the request that is being received began, in ms of `performance.now()`; 0 between requests. */
  readonly requestBegan: number;
  /** Whether the head of that request has come whole. */
  readonly headReceived: boolean;
  /** Whether no request is being sent on it and no response is awaited. */
  readonly idle: boolean;
  /** The request has not come in time. */
  timeOut(): void;
  destroy(): void;
}

/** What the clock is set to, read at each check. */
export interface RequestTimeouts {
  /** Milliseconds, 0 for no limit. */
  readonly headersTimeout: number;
  /** Milliseconds, 0 for no limit. */
  readonly requestTimeout: number;
}

export class ConnectionsList {
  readonly #connections = new Set<TimedConnection>();
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  add(connection: TimedConnection): void {
    this.#connections.add(connection);
  }

  delete(connection: TimedConnection): void {
    this.#connections.delete(connection);
    if (this.#closing && this.#connections.size === 0) this.#stop();
  }

  /**
   * Checks the connections again and again, without keeping the process alive for that.
   *
   * @param interval - milliseconds
   */
  watch(timeouts: RequestTimeouts, interval: number): void {
    this.#stop();
    this.#closing = false;
    this.#timer = setInterval(() => this.check(timeouts), interval).unref();
  }

  get watched(): boolean {
    return this.#timer !== undefined;
  }

  /** Stops checking as soon as the last connection is gone. */
  close(): void {
    this.#closing = true;
    if (this.#connections.size === 0) this.#stop();
  }

  /** Times out the requests that are late. Sections `serverheaderstimeout`, `serverrequesttimeout` */
  check({ headersTimeout, requestTimeout }: RequestTimeouts): void {
    if (headersTimeout === 0 && requestTimeout === 0) return;
    const now = performance.now();
    for (const connection of this.#connections) {
      if (connection.requestBegan === 0) continue;
      const age = now - connection.requestBegan;
      const headLate = headersTimeout > 0 && !connection.headReceived && age >= headersTimeout;
      if (headLate || (requestTimeout > 0 && age >= requestTimeout)) connection.timeOut();
    }
  }

  /** Section `servercloseallconnections` */
  destroyAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Section `servercloseidleconnections` */
  destroyIdle(): void {
    for (const connection of this.#connections) if (connection.idle) connection.destroy();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
