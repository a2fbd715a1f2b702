import type { Line, PeerAddress, PeerRecord, PeerScript, PeerStep, Seen, TlsOptions } from '../plan.js';
import type { Channel } from './channel.js';
import { Connection, type Wire } from './connection.js';
import { connect, Listener } from './endpoint.js';
import type { Credentials, Peer, PeerHost } from './peer.js';
import { Run, type Stage } from './script.js';
import { Transcript } from './transcript.js';
import { Unmet, Waits } from './waits.js';

/** Makes a connection speak the peer's protocol. */
export type Speak = (connection: Connection) => Channel;

/** A peer and its stage: owns the sockets and the record, leaves the steps to `Run` and the protocol to the channels. */
export class ScriptedPeer implements Peer, Stage {
  readonly name: string;
  readonly done: Promise<void>;
  readonly host: PeerHost;
  readonly waits = new Waits();

  readonly #script: PeerScript;
  readonly #credentials: Credentials | undefined;
  readonly #speak: Speak;
  readonly #run: Run;
  readonly #transcript: Transcript;
  readonly #lines: Line[] = [];
  readonly #atEnd: (() => void)[] = [];
  readonly #connections: Connection[] = [];
  /** Connections that no script has taken. */
  readonly #arrived: Channel[] = [];
  readonly #acceptors: ((channel: Channel) => void)[] = [];
  /** How often the transcript has seen a name. */
  readonly #names = new Map<string, number>();
  #each: ((channel: Channel) => void) | undefined;
  #listener: Listener | undefined;
  #finished = false;
  #failed: PeerRecord['failed'];
  #record: PeerRecord | undefined;

  constructor(script: PeerScript, host: PeerHost, credentials: Credentials | undefined, speak: Speak) {
    this.name = script.name;
    this.host = host;
    this.#script = script;
    this.#credentials = credentials;
    this.#speak = speak;
    this.#transcript = new Transcript(() => host.now());
    this.#run = new Run(this, script.script);
    this.done = this.#run.done.then(() => {
      this.#finished = true;
      // Nobody will take these any more.
      for (const { connection } of this.#arrived) connection.release();
    });
  }

  async start(): Promise<PeerAddress | null> {
    const address = this.#script.kind.endsWith('-server') ? await this.#listen() : null;
    void this.#run.perform();
    return address;
  }

  async finish(): Promise<PeerRecord> {
    this.#record ??= this.#close();
    return this.#record;
  }

  accept(name: string): Promise<Channel> {
    if (!this.#listener) throw new Unmet('a client accepts no connections');
    return this.waits.wait((resolve) => {
      const take = (channel: Channel) => resolve(this.#rename(channel, name));
      const channel = this.#arrived.shift();
      if (channel) take(channel);
      else this.#acceptors.push(take);
      return undefined;
    });
  }

  each(take: (channel: Channel) => void): void {
    this.#each = take;
    for (const channel of this.#arrived.splice(0)) take(channel);
  }

  connect(address: PeerAddress, tls: TlsOptions | undefined, name: string): Promise<Channel> {
    if (this.#listener) throw new Unmet('a server does not connect');
    return this.waits.wait((resolve, reject) =>
      connect(
        address,
        tls,
        (wire) => resolve(this.#rename(this.#open(wire), name)),
        (error) => {
          this.#transcript.add({ name }, 'error', error.message);
          reject(new Unmet(error.message));
        },
      ),
    );
  }

  saw(n: number, value: Seen): void {
    this.#lines.push({ t: this.host.now(), k: 'saw', n, item: 0, value });
  }

  failed(n: number, message: string): void {
    this.#failed ??= { n, message };
  }

  atEnd(n: number, value: () => Seen): void {
    this.#atEnd.push(() => this.saw(n, value()));
  }

  accepted(): number {
    return this.#listener?.accepted ?? 0;
  }

  #listen(): Promise<PeerAddress> {
    this.#listener = new Listener(
      this.#script,
      this.#credentials,
      (wire) => this.#arrive(wire),
      (message) => this.#transcript.add({ name: '(TLS)' }, 'error', message),
    );
    return this.#listener.listen();
  }

  #arrive(wire: Wire): void {
    const channel = this.#open(wire);
    const acceptor = this.#acceptors.shift();
    if (acceptor) acceptor(channel);
    else if (this.#each) this.#each(channel);
    else {
      this.#arrived.push(channel);
      if (this.#finished) channel.connection.release();
    }
  }

  #open(wire: Wire): Channel {
    const connection = new Connection(wire, `#${this.#connections.length + 1}`, this.#transcript);
    this.#connections.push(connection);
    if (this.#record) connection.destroy();
    return this.#speak(connection);
  }

  #rename(channel: Channel, name: string): Channel {
    if (name !== '') {
      const times = (this.#names.get(name) ?? 0) + 1;
      this.#names.set(name, times);
      channel.connection.name = times === 1 ? name : `${name}#${times}`;
    }
    return channel;
  }

  #close(): PeerRecord {
    const stuck = this.#finished ? undefined : this.#run.at;
    for (const evaluate of this.#atEnd) evaluate();
    const record: PeerRecord = {
      name: this.name,
      lines: this.#lines,
      transcript: this.#transcript.entries(),
      ...(stuck ? { stuck: { n: stuck.n, text: stuck.text } } : {}),
      ...(this.#failed ? { failed: this.#failed } : {}),
    };
    this.waits.end();
    for (const connection of this.#connections) connection.destroy();
    this.#listener?.close();
    return record;
  }
}

/** The frame types (or `TYPE on stream`) that some `never` will ask for. */
export function neverTypes(steps: readonly PeerStep[]): string[] {
  return steps.flatMap((step) => {
    if (step.op === 'never') return [step.what.type];
    return 'do' in step ? neverTypes(step.do) : [];
  });
}
