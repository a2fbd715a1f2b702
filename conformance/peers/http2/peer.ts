/** HTTP/2 on a connection: frames, and messages made of them. */

import type { Encoder } from '../../../reference/protocol/hpack/encoder.js';
import { flagNames } from '../../../reference/protocol/http2/frame.js';
import { PREFACE } from '../../../reference/protocol/http2/frame-reader.js';
import { SettingId } from '../../../reference/protocol/http2/settings.js';
import type { Expected, Matcher, Seen, WireFrame } from '../../plan.js';
import type { Channel, Encoded, Outgoing, SelectingStep } from '../channel.js';
import type { Connection } from '../connection.js';
import { escapeBytes } from '../transcript.js';
import { ConnectionGone, Unmet } from '../waits.js';
import { IncomingFrames } from './frames.js';
import { StreamMessage } from './message.js';
import { frameLine, type ReceivedFrame } from './received-frame.js';
import { encodeWireFrame, isAck, literalEncoder, settingsOf } from './wire-frame.js';

export interface Http2Options {
  /** The peer is the server: the client's preface comes first. */
  server: boolean;
  /** Leave the acknowledging of SETTINGS and PING to the script. */
  manual: boolean;
  /** Types of frames that `seen` will be asked for. */
  kept: ReadonlySet<string>;
}

type Question = () => Seen | undefined;

/** What an unread frame costs in memory beside its payload, in bytes. */
const FRAME_COST = 500;

/** So many frames are kept for `seen`: more would say nothing new. */
const KEPT_LIMIT = 1_000;

export class Http2Channel implements Channel {
  readonly connection: Connection;

  readonly #options: Http2Options;
  readonly #incoming: IncomingFrames;
  readonly #encoder: Encoder = literalEncoder();
  #unread: ReceivedFrame[] = [];
  #unreadCost = 0;
  readonly #kept: ReceivedFrame[] = [];
  /** Position of the latest selected frame. */
  #selected = -1;
  /** SETTINGS that the other side has still to acknowledge, oldest first: whether a handshake sent them. */
  readonly #unacknowledged: boolean[] = [];
  /** The script itself has sent SETTINGS. */
  #ownSettings = false;
  /** SETTINGS_HEADER_TABLE_SIZE of the other side's SETTINGS that this side has still to acknowledge. */
  readonly #tableSizes: (number | undefined)[] = [];
  /** The script has sent something: before that, nothing may go out on its own. */
  #opened = false;
  /** A step is sending: nothing may get between its bytes. */
  #sending = false;
  #answers: WireFrame[] = [];
  #crediting = false;
  /** Octets of DATA that have not been credited, by stream; of ended streams under 0, for the connection alone. */
  readonly #uncredited = new Map<number, number>();
  #prefaceShown: boolean;

  constructor(connection: Connection, options: Http2Options) {
    this.connection = connection;
    this.#options = options;
    this.#incoming = new IncomingFrames(options.server);
    this.#prefaceShown = !options.server;
    connection.onData = (chunk) => this.#read(chunk);
  }

  select(step: SelectingStep): Question {
    if (step.op === 'handshake') return this.#handshake(step.settings);
    if (step.op === 'next') return this.#find('a frame', (frame) => !frame.housekeeping);
    return this.#question(step.what);
  }

  encode(parts: readonly Outgoing[]): Encoded {
    const shown: string[] = [];
    const bytes = parts.map((part) => {
      if ('preface' in part) {
        shown.push('PREFACE');
        return PREFACE;
      }
      this.#opened = true;
      if ('bytes' in part) {
        shown.push(`bytes ${escapeBytes(part.bytes)}`);
        return part.bytes;
      }
      const encoded = this.#encodeFrame(part.frame, false);
      shown.push(sentLine(part.frame, encoded));
      return encoded;
    });
    this.#sending = true;
    return { bytes: Buffer.concat(bytes), shown };
  }

  written(): void {
    this.#sending = false;
    this.#answer();
  }

  unread(): { bytes: number; text: string } {
    const frames = this.#unread.filter((frame) => frame.position > this.#selected && !frame.housekeeping);
    const bytes = frames.reduce((sum, frame) => sum + 9 + frame.raw.length, 0);
    return { bytes, text: frames.join('\n') };
  }

  seen(type: string, stream: number | undefined): Seen[] {
    return this.#kept
      .filter((frame) => frame.type === type && (stream === undefined || frame.stream === stream))
      .map((frame) => frame.seen());
  }

  /** What has arrived before counts as well: how much that is depends on how fast the other side is. */
  credit(): void {
    this.#crediting = true;
    this.#payCredit();
  }

  // ------------------------------------------------------------------------------------------------------- sending

  #encodeFrame(frame: WireFrame, handshake: boolean): Buffer {
    if (frame.type === 'SETTINGS') this.#noteSettings(frame, handshake);
    return encodeWireFrame(frame, this.#encoder);
  }

  #noteSettings(frame: WireFrame, handshake: boolean): void {
    if (isAck(frame)) {
      const size = this.#tableSizes.shift();
      if (size !== undefined) this.#encoder.limitTableSize(size);
      return;
    }
    this.#unacknowledged.push(handshake);
    if (!handshake) this.#ownSettings = true;
    for (const [id, value] of settingsOf(frame)) {
      if (id === SettingId.HEADER_TABLE_SIZE) this.#incoming.allowTableSize(value);
    }
  }

  /** Sends on the peer's own account, in one write. */
  #send(frames: readonly WireFrame[], { handshake = false, preface = false } = {}): void {
    const { connection } = this;
    if (!connection.writable) return;
    if (preface) connection.transcript.add(connection, 'sent', 'PREFACE');
    const bytes = frames.map((frame) => {
      const encoded = this.#encodeFrame(frame, handshake);
      connection.transcript.add(connection, 'sent', sentLine(frame, encoded));
      return encoded;
    });
    connection.write(Buffer.concat(preface ? [PREFACE, ...bytes] : bytes));
  }

  /** Sends what is due by itself, unless it would get in the script's way: then later. */
  #answer(...answers: WireFrame[]): void {
    this.#answers.push(...answers);
    if (!this.#opened || this.#sending) return;
    const due = this.#answers;
    this.#answers = [];
    this.#send(due);
  }

  #handshake(settings: { [name: string]: number }): Question {
    const { server, manual } = this.#options;
    this.#send([{ type: 'SETTINGS', settings }], { handshake: !manual, preface: !server });
    this.#opened = true;
    this.#answer();
    return this.#find('SETTINGS', (frame) => frame.type === 'SETTINGS' && !frame.ack);
  }

  // ----------------------------------------------------------------------------------------------------- receiving

  #read(chunk: Buffer): void {
    const { connection } = this;
    for (const frame of this.#incoming.read(chunk)) {
      if (!this.#prefaceShown) connection.transcript.add(connection, 'received', 'PREFACE');
      this.#prefaceShown = true;
      if (connection.transcript.open) connection.transcript.add(connection, 'received', String(frame));
      if (this.#options.kept.has(frame.type) && this.#kept.length < KEPT_LIMIT) this.#kept.push(frame);
      this.#keepHouse(frame);
      this.#unread.push(frame);
      this.#unreadCost += frame.raw.length + FRAME_COST;
    }
    if (this.#incoming.failure !== undefined && connection.transcript.open) {
      connection.transcript.add(connection, 'received', `bytes ${escapeBytes(chunk)}`);
    }
    connection.unread(this.#unreadCost);
  }

  /** Answers what is to be answered at once. */
  #keepHouse(received: ReceivedFrame): void {
    const { frame, stream, ack } = received;
    const { manual } = this.#options;
    if (frame?.type === 'SETTINGS' && ack) {
      received.housekeeping = this.#unacknowledged.shift() === true;
    } else if (frame?.type === 'SETTINGS') {
      this.#tableSizes.push(frame.settings.findLast(([id]) => id === SettingId.HEADER_TABLE_SIZE)?.[1]);
      received.housekeeping = !manual;
      if (!manual) this.#answer({ type: 'SETTINGS', ack: true });
    } else if (frame?.type === 'PING' && !ack) {
      received.housekeeping = !manual;
      if (!manual) this.#answer({ type: 'PING', ack: true, payload: frame.opaqueData });
    } else if (frame?.type === 'DATA' && received.raw.length > 0) {
      const account = received.endsStream ? 0 : stream;
      this.#uncredited.set(account, (this.#uncredited.get(account) ?? 0) + received.raw.length);
      if (this.#crediting) this.#payCredit();
    }
  }

  #payCredit(): void {
    const sum = [...this.#uncredited.values()].reduce((total, octets) => total + octets, 0);
    if (sum === 0) return;
    this.#answer({ type: 'WINDOW_UPDATE', increment: sum });
    for (const [stream, increment] of this.#uncredited) {
      if (stream !== 0) this.#answer({ type: 'WINDOW_UPDATE', stream, increment });
    }
    this.#uncredited.clear();
  }

  #question(what: Expected): Question {
    switch (what.kind) {
      case 'frame': {
        const { type, stream } = what;
        const name = stream === undefined ? type : `${type} on stream ${stream}`;
        const fits = this.#ackFilter(asksForAck(what.matcher));
        return this.#find(
          name,
          (frame) => frame.type === type && (stream === undefined || frame.stream === stream) && fits(frame),
        );
      }
      case 'message':
        return this.#message(new StreamMessage(what.stream));
      default:
        throw new Unmet(`a ${what.kind} cannot be received over HTTP/2`);
    }
  }

  /**
   * Who asks for an acknowledgement gets nothing else. The one that answers the handshake comes when it comes, so it is
   * for those alone that ask, and have not sent SETTINGS since of which they might mean the acknowledgement.
   */
  #ackFilter(asked: boolean): (frame: ReceivedFrame) => boolean {
    if (asked) return (frame) => frame.ack && !(frame.housekeeping && this.#ownSettings);
    return (frame) => !(frame.ack && frame.housekeeping);
  }

  /** Takes the first unread frame that fits. */
  #find(name: string, fits: (frame: ReceivedFrame) => boolean): Question {
    let from = 0;
    return () => {
      for (; from < this.#unread.length; from++) {
        if (fits(this.#unread[from]!)) return this.#take(from).seen();
      }
      return this.#unlessGone(`before ${name} came`);
    };
  }

  #message(message: StreamMessage): Question {
    let from = 0;
    return () => {
      while (from < this.#unread.length) {
        if (!message.wants(this.#unread[from]!)) {
          from++;
          continue;
        }
        const complete = message.add(this.#take(from));
        if (complete !== undefined) return complete;
      }
      return this.#unlessGone(message.progress);
    };
  }

  #take(index: number): ReceivedFrame {
    const [frame] = this.#unread.splice(index, 1);
    this.#selected = Math.max(this.#selected, frame!.position);
    this.#unreadCost -= frame!.raw.length + FRAME_COST;
    this.connection.unread(this.#unreadCost);
    return frame!;
  }

  #unlessGone(progress: string): undefined {
    if (this.#incoming.failure !== undefined) throw new Unmet(`this is not HTTP/2: ${this.#incoming.failure}`);
    const { goneBecause } = this.connection;
    if (goneBecause) throw new ConnectionGone(`${goneBecause} ${progress}`);
  }
}

/** Whether the matcher wants an acknowledgement, by `ack` or by `flags`. */
function asksForAck(matcher: Matcher | null): boolean {
  const { ack, flags } = propsOf(matcher);
  const items = Array.isArray(flags) ? flags : (flags as { items?: unknown } | null | undefined)?.items;
  return ack === true || (Array.isArray(items) && items.includes('ACK'));
}

function propsOf(matcher: Matcher | null): { [key: string]: unknown } {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) return {};
  return '$' in matcher && 'props' in matcher ? (matcher.props as { [key: string]: unknown }) : { ...matcher };
}

function sentLine(frame: WireFrame, encoded: Buffer): string {
  const { type, stream = 0, flags: _flags, ack: _ack, fields, ...rest } = frame;
  const details = Object.entries(rest).map(([key, value]) => `${key}=${detail(value)}`);
  const lines = Array.isArray(fields) ? fields.map(([name, value]) => `${detail(name)}: ${detail(value)}`) : [];
  return frameLine(type, stream, flagNames(encoded[3]!, encoded[4]!), [...details, ...lines]);
}

function detail(value: unknown): string {
  if (Buffer.isBuffer(value)) return escapeBytes(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
