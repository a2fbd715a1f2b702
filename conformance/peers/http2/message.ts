import type { Seen } from '../../plan.js';
import { UNREAD_LIMIT } from '../connection.js';
import { bodySeen, type Field, fieldsSeen, headersSeen } from '../value.js';
import { Unmet } from '../waits.js';
import type { ReceivedFrame } from './received-frame.js';

/** Puts the message on one stream together, frame by frame. RFC 9113 §8.1 */
export class StreamMessage {
  readonly #informational: Field[][] = [];
  readonly #body: Buffer[] = [];
  #bodyLength = 0;
  #head: Field[] | undefined;
  #trailers: Field[] = [];

  constructor(readonly stream: number) {}

  /** Whether the frame says something about the message. */
  wants(frame: ReceivedFrame): boolean {
    return (
      frame.stream === this.stream && (frame.type === 'HEADERS' || frame.type === 'DATA' || frame.type === 'RST_STREAM')
    );
  }

  /**
   * @returns the message when the frame ends it
   * @throws Unmet when it will never be complete
   */
  add(received: ReceivedFrame): Seen | undefined {
    const { frame, details } = received;
    if (details.error !== undefined) throw new Unmet(`on stream ${this.stream}: ${details.error}`);
    if (frame?.type === 'RST_STREAM') throw new Unmet(`stream ${this.stream} was reset ${this.progress}: ${received}`);
    if (frame?.type === 'DATA') this.#addData(frame.data);
    else this.#addHeaders(details.block?.fields ?? [], received.endsStream);
    return received.endsStream ? this.#seen() : undefined;
  }

  get progress(): string {
    return this.#head
      ? `after ${this.#bodyLength} body bytes`
      : `before the head of a message on stream ${this.stream}`;
  }

  #addData(data: Buffer): void {
    this.#body.push(data);
    this.#bodyLength += data.length;
    if (this.#bodyLength > UNREAD_LIMIT) throw new Unmet(`the body has more than ${UNREAD_LIMIT} bytes`);
  }

  #addHeaders(fields: Field[], last: boolean): void {
    const status = fields.find(([name]) => name === ':status')?.[1];
    if (this.#head) this.#trailers = fields;
    else if (status?.startsWith('1') && !last) this.#informational.push(fields);
    else this.#head = fields;
  }

  #seen(): Seen {
    return {
      headers: headersSeen(this.#head ?? []),
      fields: fieldsSeen(this.#head ?? []),
      body: bodySeen(Buffer.concat(this.#body, this.#bodyLength)),
      trailers: headersSeen(this.#trailers),
      informational: this.#informational.map(headersSeen),
    };
  }
}
