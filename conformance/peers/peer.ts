import type { Path, PeerAddress, PeerRecord } from '../plan.js';

/** What a peer needs of the harness around it. */
export interface PeerHost {
  /** Milliseconds since the vector's start. */
  now(): number;
  /** Resolves once the vector listens under that name. */
  listening(name: string): Promise<PeerAddress>;
  /** Resolves once the vector's trace label has happened; each call uses up one occurrence. */
  label(label: string): Promise<void>;
  /** Takes `<peer> <mark>` to the vector. */
  mark(label: string): void;
  /** What a path evaluates to, for `fmt` parts. */
  value(path: Path): Promise<string>;
}

/** One scripted peer of one performance of a vector. */
export interface Peer {
  readonly name: string;
  /**
   * Begins the script. Servers listen first, on a free port of 127.0.0.1 or on a Unix socket in the system's temporary
   * directory.
   *
   * @returns where a server listens; null for clients
   * @throws the error of `listen`
   */
  start(): Promise<PeerAddress | null>;
  /** The script is at its end or has failed; never rejects. `each-connection` scripts do not hold it up. */
  readonly done: Promise<void>;
  /** Evaluates `never` and `connections`, closes every connection and the server at once. */
  finish(): Promise<PeerRecord>;
}

/** PEM texts for TLS servers. */
export interface Credentials {
  cert: string;
  key: string;
}
