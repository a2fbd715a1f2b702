/** HTTP/1 on a connection: requests, responses and bare bytes. */

import type { Expected, Seen } from '../../plan.js';
import { ByteQueue } from '../bytes.js';
import type { Channel, Encoded, Outgoing, SelectingStep } from '../channel.js';
import type { Connection } from '../connection.js';
import { escapeBytes } from '../transcript.js';
import { bodySeen, fieldsSeen, headersSeen, textSeen } from '../value.js';
import { ConnectionGone, Unmet } from '../waits.js';
import { type Message, MessageReader } from './message.js';

type Question = () => Seen | undefined;

export class Http1Channel implements Channel {
  readonly connection: Connection;
  readonly #queue = new ByteQueue();
  /** The script's latest request is a CONNECT. */
  #connecting = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.onData = (chunk) => {
      if (connection.transcript.open) connection.transcript.add(connection, 'received', escapeBytes(chunk));
      this.#queue.push(chunk);
      connection.unread(this.#queue.length);
    };
  }

  select(step: SelectingStep): Question {
    if (step.op !== 'receive') throw new Unmet(`${step.op} is a step for HTTP/2`);
    const question = this.#question(step.what);
    return () => {
      const answer = question();
      this.connection.unread(this.#queue.length);
      return answer;
    };
  }

  encode(parts: readonly Outgoing[]): Encoded {
    const bytes = Buffer.concat(
      parts.map((part) => {
        if ('bytes' in part) return part.bytes;
        throw new Unmet('frames cannot be sent over HTTP/1');
      }),
    );
    if (/^[A-Z]+ /.test(bytes.toString('latin1', 0, 32))) {
      this.#connecting = bytes.toString('latin1', 0, 8) === 'CONNECT ';
    }
    return { bytes, shown: [escapeBytes(bytes)] };
  }

  written(): void {}

  unread(): { bytes: number; text: string } {
    return { bytes: this.#queue.length, text: this.#queue.peek(this.#queue.length).toString('latin1') };
  }

  seen(): never {
    throw new Unmet('never is a step for HTTP/2');
  }

  credit(): never {
    throw new Unmet('credit is a step for HTTP/2');
  }

  #question(what: Expected): Question {
    switch (what.kind) {
      case 'request':
        return this.#messages(new MessageReader({ kind: 'request' }));
      case 'response':
        return this.#messages(
          new MessageReader({ kind: 'response', head: what.head ?? false, connect: this.#connecting }),
        );
      case 'bytes':
        return what.count === null ? this.#all() : this.#bytes(what.count);
      case 'until':
        return this.#until(what.text);
      default:
        throw new Unmet(`a ${what.kind} cannot be received over HTTP/1`);
    }
  }

  #messages(reader: MessageReader): Question {
    return () => {
      const { departure, goneBecause } = this.connection;
      const message = reader.read(this.#queue, departure && (departure.how === 'end' ? 'cleanly' : 'broken'));
      if (message) return messageSeen(message);
      if (goneBecause) throw new ConnectionGone(`${goneBecause} ${reader.progress}`);
      return undefined;
    };
  }

  #bytes(count: number): Question {
    return () => {
      if (this.#queue.length >= count) return textSeen(this.#queue.take(count).toString('latin1'));
      return this.#unlessGone(`after ${this.#queue.length} of ${count} bytes`);
    };
  }

  #all(): Question {
    return () => {
      if (!this.connection.goneBecause) return undefined;
      return textSeen(this.#queue.take(this.#queue.length).toString('latin1'));
    };
  }

  #until(text: string): Question {
    const end = Buffer.from(text, 'latin1');
    return () => {
      const taken = this.#queue.takeThrough(end);
      if (taken) return textSeen(taken.toString('latin1'));
      return this.#unlessGone(`after ${this.#queue.length} bytes, none of them ${JSON.stringify(text)}`);
    };
  }

  #unlessGone(progress: string): undefined {
    const { goneBecause } = this.connection;
    if (goneBecause) throw new ConnectionGone(`${goneBecause} ${progress}`);
  }
}

function messageSeen(message: Message): Seen {
  const { method, target, status, reason, version, fields, body, trailers } = message;
  return {
    ...(status === undefined
      ? { method: method ?? '', target: textSeen(target ?? '') }
      : { status, reason: textSeen(reason ?? '') }),
    version,
    headers: headersSeen(fields),
    rawHeaders: fieldsSeen(fields),
    body: bodySeen(body),
    trailers: headersSeen(trailers),
  };
}
