/**
 * Performs a peer's script, whatever the protocol: each step in turn on the current connection, its expectations
 * recorded, never judged.
 *
 * One `Run` is one script on its way: the peer's own, and one for each connection that `each-connection` takes. They
 * share the `Stage`: the connections, the record and the waits of the whole peer.
 */
import type { PeerAddress, PeerStep, Seen, TlsOptions } from '../plan.js';
import type { Channel, SelectingStep } from './channel.js';
import type { Connection } from './connection.js';
import type { PeerHost } from './peer.js';
import { reactionTo } from './reaction.js';
import { textSeen } from './value.js';
import { Abandoned, ConnectionGone, Unmet, type Waits } from './waits.js';
import { resolveParts } from './wire.js';

/** Milliseconds between the two pieces of what is cut: enough for most receivers to read the first by itself. */
const CUT = 2;

type StepOf<Op extends PeerStep['op']> = Extract<PeerStep, { op: Op }>;

/** What the runs of one peer share. */
export interface Stage {
  readonly host: PeerHost;
  readonly name: string;
  readonly waits: Waits;
  /** The next connection that no script has taken; the transcript shows it under that name. */
  accept(name: string): Promise<Channel>;
  /** Hands over every further connection, and those that no script has taken. */
  each(take: (channel: Channel) => void): void;
  connect(address: PeerAddress, tls: TlsOptions | undefined, name: string): Promise<Channel>;
  saw(n: number, value: Seen): void;
  failed(n: number, message: string): void;
  /** Evaluates at the vector's end what is then to be recorded for the step. */
  atEnd(n: number, value: () => Seen): void;
  /** How many connections have been accepted so far. */
  accepted(): number;
}

export class Run {
  /** Resolves when the script is at its end, has failed, or has come to a loop without an end as its last step. */
  readonly done: Promise<void>;
  /** The step being performed. */
  at: PeerStep | undefined;

  readonly #stage: Stage;
  readonly #script: readonly PeerStep[];
  /** Without `use` a connection that is no longer the current one is out of the script's reach. */
  readonly #returns: boolean;
  readonly #named = new Map<string, Channel>();
  readonly #owned = new Set<Channel>();
  /** `receive` steps without a matcher that have been recorded: once is enough to say that they were reached. */
  readonly #recorded = new Set<number>();
  #current: Channel | undefined;
  #finished!: () => void;

  /** @param channel - the current connection from the beginning */
  constructor(stage: Stage, script: readonly PeerStep[], channel?: Channel) {
    this.#stage = stage;
    this.#script = script;
    this.#returns = hasStep(script, 'use');
    this.done = new Promise((resolve) => (this.#finished = resolve));
    if (channel) this.#take(channel, '');
  }

  /** Performs the script; never rejects. */
  async perform(): Promise<void> {
    try {
      await this.#steps(this.#script);
    } catch (error) {
      if (error instanceof Abandoned) return;
      this.#stage.failed(this.at?.n ?? 0, error instanceof Error ? error.message : String(error));
    } finally {
      for (const { connection } of this.#owned) connection.release();
      this.#finished();
    }
  }

  async #steps(steps: readonly PeerStep[]): Promise<void> {
    for (const step of steps) {
      this.at = step;
      await this.#step(step);
      // Choosing a connection is nothing that happens on it.
      if (this.#current && step.op !== 'use') this.#current.connection.stepEnd = performance.now();
    }
  }

  #step(step: PeerStep): Promise<void> | void {
    const { waits, host, name } = this.#stage;
    switch (step.op) {
      case 'accept':
        return this.#accept(step);
      case 'connect':
        return this.#connect(step);
      case 'use':
        return this.#use(step);
      case 'each-connection':
        return this.#stage.each((channel) => void new Run(this.#stage, step.do, channel).perform());
      case 'send':
        return this.#send(step);
      case 'receive':
      case 'next':
      case 'handshake':
        return this.#select(step);
      case 'any-of':
        return this.#anyOf(step);
      case 'every-split':
        return this.#everySplit(step);
      case 'silent':
        return this.#silent(step);
      case 'closed':
        return this.#closed(step);
      case 'repeat':
        return step.times === null ? this.#forever(step) : this.#repeat(step, step.times);
      case 'never':
        return this.#never(step);
      case 'connections':
        return this.#stage.atEnd(step.n, () => this.#stage.accepted());
      case 'wait':
        return waits.promise(host.label(step.label));
      case 'sleep':
        return waits.sleep(step.ms);
      case 'mark':
        return host.mark(`${name} ${step.name}`);
      case 'credit':
        return this.#channel.credit();
      case 'end':
      case 'destroy':
      case 'reset':
      case 'pause':
      case 'resume':
        return this.#channel.connection[step.op]();
    }
  }

  get #channel(): Channel {
    if (!this.#current) throw new Unmet('there is no connection yet');
    return this.#current;
  }

  async #accept(step: StepOf<'accept'>): Promise<void> {
    this.#leave();
    this.#take(await this.#stage.accept(step.as), step.as);
  }

  async #connect({ to, tls, as }: Pick<StepOf<'connect'>, 'to' | 'tls' | 'as'>): Promise<void> {
    this.#leave();
    const address = await this.#stage.waits.promise(this.#stage.host.listening(to));
    this.#take(await this.#stage.connect(address, tls ?? address.tls, as), as);
  }

  #use(step: StepOf<'use'>): void {
    const channel = this.#named.get(step.as);
    if (!channel) throw new Unmet(`there is no connection ${step.as}`);
    this.#current = channel;
  }

  #take(channel: Channel, name: string): void {
    this.#named.set(name, channel);
    this.#owned.add(channel);
    this.#current = channel;
  }

  #leave(): void {
    if (!this.#returns) this.#current?.connection.release();
  }

  async #send(step: StepOf<'send'>): Promise<void> {
    const channel = this.#channel;
    const { connection } = channel;
    const { host, waits } = this.#stage;
    const parts = await waits.promise(resolveParts(step.parts, (path) => host.value(path)));
    if (!connection.writable) {
      connection.transcript.add(connection, 'error', 'not sent: the connection is closed');
      return;
    }
    const { bytes, shown } = channel.encode(parts);
    const how = step.chunk === undefined ? '' : ` [${step.chunk} at a time]`;
    for (const text of shown) connection.transcript.add(connection, 'sent', text + how);
    await this.#write(connection, bytes, step.chunk ?? bytes.length, step.every);
    channel.written();
  }

  async #everySplit(step: StepOf<'every-split'>): Promise<void> {
    const { host, waits } = this.#stage;
    for (let at = 1, size = 2; at < size; at++) {
      await this.#connect({ to: step.to, as: `cut at ${at}` });
      const channel = this.#channel;
      const { connection } = channel;
      const { bytes } = channel.encode(await waits.promise(resolveParts(step.parts, (path) => host.value(path))));
      size = bytes.length;
      connection.transcript.add(connection, 'sent', `${size} bytes, cut at ${at}`);
      connection.write(bytes.subarray(0, at));
      await waits.sleep(CUT);
      connection.write(bytes.subarray(at));
      channel.written();
      await this.#steps(step.do);
      this.at = step;
      connection.destroy();
    }
  }

  /** Ends when the system has taken the last of the bytes. Each piece is written in a turn of its own. */
  async #write(connection: Connection, bytes: Buffer, size: number, every: number | undefined): Promise<void> {
    const { waits } = this.#stage;
    let at = 0;
    for (; at + size < bytes.length && connection.writable; at += size) {
      connection.write(bytes.subarray(at, at + size));
      await (every === undefined ? waits.turn() : waits.sleep(every));
    }
    await waits.wait<void>((resolve) => {
      connection.write(bytes.subarray(at), resolve);
      return undefined;
    });
  }

  async #select(step: SelectingStep): Promise<void> {
    const channel = this.#channel;
    const found = await this.#stage.waits.until(channel.connection, channel.select(step));
    if (step.op !== 'handshake') this.#saw(step, found!);
  }

  #saw(step: StepOf<'receive' | 'next'>, value: Seen): void {
    if (step.op === 'receive' && step.what.matcher === null) {
      if (this.#recorded.has(step.n)) return;
      this.#recorded.add(step.n);
    }
    this.#stage.saw(step.n, value);
  }

  async #anyOf(step: StepOf<'any-of'>): Promise<void> {
    const channel = this.#channel;
    const reaction = reactionTo(channel, step);
    const came = await this.#stage.waits.until(channel.connection, reaction, step.within);
    this.#stage.saw(
      step.n,
      came ?? { choice: step.choices.findIndex(({ kind }) => kind === 'nothing'), came: 'nothing' },
    );
  }

  /** Ends early when something arrives: the expectation is broken then. */
  async #silent(step: StepOf<'silent'>): Promise<void> {
    const channel = this.#channel;
    const arrival = () => (channel.unread().bytes > 0 ? true : undefined);
    await this.#stage.waits.until(channel.connection, arrival, step.ms);
    const { bytes, text } = channel.unread();
    this.#stage.saw(step.n, { bytes, text: textSeen(text) });
  }

  async #closed(step: StepOf<'closed'>): Promise<void> {
    const { connection } = this.#channel;
    const departure = await this.#stage.waits.until(connection, () => {
      if (!connection.departure && connection.goneBecause) throw new ConnectionGone(connection.goneBecause);
      return connection.departure;
    });
    const { at, how } = departure!;
    this.#stage.saw(step.n, { ms: Math.max(0, Math.round((at - connection.stepEnd) * 1000) / 1000), how });
  }

  async #repeat(step: StepOf<'repeat'>, times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.#steps(step.do);
  }

  async #forever(step: StepOf<'repeat'>): Promise<void> {
    if (step === this.#script.at(-1)) this.#finished();
    while (!this.#current?.connection.destroyed) {
      try {
        await this.#steps(step.do);
      } catch (error) {
        if (error instanceof ConnectionGone) return;
        throw error;
      }
      // A loop whose steps never wait must not keep the other peers from going on.
      await this.#stage.waits.turn();
    }
  }

  #never(step: StepOf<'never'>): void {
    const channel = this.#channel;
    const { type, stream } = step.what;
    this.#stage.atEnd(step.n, () => channel.seen(type, stream));
  }
}

function hasStep(steps: readonly PeerStep[], op: PeerStep['op']): boolean {
  return steps.some((step) => step.op === op || ('do' in step && hasStep(step.do, op)));
}
