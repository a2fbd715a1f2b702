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

/** What the clock is set to: of a server, whose properties may change. */
export interface RequestTimeouts {
  /** Milliseconds, 0 for no limit. */
  readonly headersTimeout: number;
  /** Milliseconds, 0 for no limit. */
  readonly requestTimeout: number;
  /** Milliseconds between two checks. */
  readonly connectionsCheckingInterval: number;
}

/** While the server listens, or there are connections, they are checked again and again. */
export class ConnectionsList {
  readonly #timeouts: RequestTimeouts;
  readonly #connections = new Set<TimedConnection>();
  #timer: NodeJS.Timeout | undefined;
  #listening = false;

  constructor(timeouts: RequestTimeouts) {
    this.#timeouts = timeouts;
  }

  add(connection: TimedConnection): void {
    this.#connections.add(connection);
    if (this.#timer === undefined) this.#start();
  }

  delete(connection: TimedConnection): void {
    this.#connections.delete(connection);
    this.#stopIfDone();
  }

  /** The server has begun to listen: the first check is due after an interval. */
  open(): void {
    this.#listening = true;
    this.#start();
  }

  /** The server has stopped listening. */
  close(): void {
    this.#listening = false;
    this.#stopIfDone();
  }

  /** Times out the requests that are late. Sections `serverheaderstimeout`, `serverrequesttimeout` */
  check(): void {
    const { headersTimeout, requestTimeout } = this.#timeouts;
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

  /** Does not keep the process alive. */
  #start(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.check(), this.#timeouts.connectionsCheckingInterval).unref();
  }

  #stopIfDone(): void {
    if (this.#listening || this.#connections.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
