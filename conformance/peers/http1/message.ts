/**
 * Reads one HTTP/1 message from bytes as they arrive. RFC 9112, leniently: what can be understood is taken as it is,
 * so that the judge, not the reader, says what is wrong with it.
 *
 * A reader is in one of the states of `#states`; each takes what it can from the queue and says whether it went on.
 */
import type { ByteQueue } from '../bytes.js';
import { UNREAD_LIMIT } from '../connection.js';
import type { Field } from '../value.js';
import { Unmet } from '../waits.js';

export interface Message {
  /** Of requests. */
  method?: string;
  target?: string;
  /** Of responses. */
  status?: number;
  reason?: string;
  /** `1.1` */
  version: string;
  /** As on the wire, in order. */
  fields: Field[];
  body: Buffer;
  trailers: Field[];
}

export interface MessageContext {
  kind: 'request' | 'response';
  /** The response answers HEAD: it has no body whatever its fields say. */
  head?: boolean;
  /** The response answers CONNECT: after a 2xx the connection is a tunnel. */
  connect?: boolean;
}

type State =
  | 'start'
  | 'fields'
  | 'sized'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailers'
  | 'until-end'
  | 'done';

/** How the body of a message ends. RFC 9112 §6.3 */
type Framing = { by: 'none' | 'chunks' | 'end' } | { by: 'length'; length: number };

const REQUEST_LINE = /^(\S+) +(.*?) +HTTP\/(\d+\.\d+)\s*$/;
const STATUS_LINE = /^HTTP\/(\d+\.\d+) +(\d{3})(?: (.*))?$/;

export class MessageReader {
  readonly #context: MessageContext;
  readonly #message: Message = { version: '', fields: [], body: Buffer.alloc(0), trailers: [] };
  readonly #body: Buffer[] = [];
  #bodyLength = 0;
  #state: State = 'start';
  /** Bytes still to come of a sized body or a chunk. */
  #left = 0;
  /** The `content-length` that was announced. */
  #announced: number | undefined;

  constructor(context: MessageContext) {
    this.#context = context;
  }

  /**
   * Takes from the queue what belongs to the message; what follows it stays there.
   *
   * @param ended - nothing more will be added to the queue; `cleanly` when the other side ended the connection in order
   * @returns the message once it is complete
   * @throws Unmet when the bytes are no message
   */
  read(queue: ByteQueue, ended?: 'cleanly' | 'broken'): Message | undefined {
    while (this.#state !== 'done' && this.#states[this.#state](queue));
    if (this.#state === 'until-end' && ended === 'cleanly') this.#state = 'done';
    if (this.#state !== 'done') return undefined;
    this.#message.body = Buffer.concat(this.#body, this.#bodyLength);
    return this.#message;
  }

  /** How far the message has come, for people: `after 12 of 20 body bytes`. */
  get progress(): string {
    const { kind } = this.#context;
    switch (this.#state) {
      case 'start':
        return `before a ${kind} came`;
      case 'fields':
        return `within the head of a ${kind}`;
      case 'sized':
        return `after ${this.#bodyLength} of ${this.#announced} body bytes`;
      case 'trailers':
        return `within the trailers of a ${kind}`;
      default:
        return `after ${this.#bodyLength} body bytes of a ${kind} that is not complete`;
    }
  }

  readonly #states: { [state in Exclude<State, 'done'>]: (queue: ByteQueue) => boolean } = {
    start: (queue) => {
      const line = queue.takeLine();
      if (line === undefined) return false;
      // Empty lines in front of a message are to be ignored. RFC 9112 §2.2
      if (line !== '') {
        this.#readStartLine(line);
        this.#state = 'fields';
      }
      return true;
    },
    fields: (queue) => {
      const line = queue.takeLine();
      if (line === undefined) return false;
      if (line === '') this.#beginBody();
      else addFieldLine(this.#message.fields, line);
      return true;
    },
    sized: (queue) => this.#takeBody(queue, 'done'),
    'chunk-size': (queue) => {
      const line = queue.takeLine();
      if (line === undefined) return false;
      const size = /^\s*([0-9a-f]+)\s*(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new Unmet(`not the size of a chunk: ${JSON.stringify(line.slice(0, 200))}`);
      this.#left = Number.parseInt(size, 16);
      this.#state = this.#left === 0 ? 'trailers' : 'chunk-data';
      return true;
    },
    'chunk-data': (queue) => this.#takeBody(queue, 'chunk-end'),
    'chunk-end': (queue) => {
      const line = queue.takeLine();
      if (line === undefined) return false;
      if (line !== '') throw new Unmet(`${JSON.stringify(line.slice(0, 200))} instead of the line end after a chunk`);
      this.#state = 'chunk-size';
      return true;
    },
    trailers: (queue) => {
      const line = queue.takeLine();
      if (line === undefined) return false;
      if (line === '') this.#state = 'done';
      else addFieldLine(this.#message.trailers, line);
      return true;
    },
    'until-end': (queue) => {
      this.#addBody(queue.take(queue.length));
      return false;
    },
  };

  #readStartLine(line: string): void {
    const message = this.#message;
    const [, first, second, third] = (this.#context.kind === 'request' ? REQUEST_LINE : STATUS_LINE).exec(line) ?? [];
    if (first === undefined || second === undefined) {
      throw new Unmet(`not the first line of a ${this.#context.kind}: ${JSON.stringify(line.slice(0, 200))}`);
    }
    if (this.#context.kind === 'request') {
      Object.assign(message, { method: first, target: second, version: third });
    } else {
      Object.assign(message, { version: first, status: Number(second), reason: third ?? '' });
    }
  }

  #beginBody(): void {
    const framing = this.#framing();
    switch (framing.by) {
      case 'none':
        this.#state = 'done';
        return;
      case 'chunks':
        this.#state = 'chunk-size';
        return;
      case 'end':
        this.#state = 'until-end';
        return;
      case 'length':
        this.#left = this.#announced = framing.length;
        this.#state = framing.length === 0 ? 'done' : 'sized';
    }
  }

  #framing(): Framing {
    const { kind, head, connect } = this.#context;
    const { method, status = 0 } = this.#message;
    if (method === 'CONNECT') return { by: 'none' };
    if (kind === 'response' && (head || status < 200 || status === 204 || status === 304)) return { by: 'none' };
    if (connect && status < 300) return { by: 'none' };
    const coding = this.#values('transfer-encoding').join(',');
    if (/(^|,)\s*chunked\s*$/i.test(coding)) return { by: 'chunks' };
    const length = this.#values('content-length')[0];
    if (coding === '' && length !== undefined && /^\d+$/.test(length)) return { by: 'length', length: Number(length) };
    return { by: kind === 'response' ? 'end' : 'none' };
  }

  #values(name: string): string[] {
    return this.#message.fields.filter((field) => field[0].toLowerCase() === name).map((field) => field[1]);
  }

  #takeBody(queue: ByteQueue, then: State): boolean {
    const piece = queue.take(this.#left);
    this.#left -= piece.length;
    this.#addBody(piece);
    if (this.#left === 0) this.#state = then;
    return this.#left === 0;
  }

  #addBody(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#body.push(piece);
    this.#bodyLength += piece.length;
    if (this.#bodyLength > UNREAD_LIMIT) throw new Unmet(`the body has more than ${UNREAD_LIMIT} bytes`);
  }
}

/** A line that begins with white space continues the value before it. RFC 9112 §5.2 */
function addFieldLine(fields: Field[], line: string): void {
  const last = fields.at(-1);
  if (/^[ \t]/.test(line) && last) {
    last[1] = `${last[1]} ${line.trim()}`.trim();
    return;
  }
  const colon = line.indexOf(':');
  if (colon === -1) fields.push([line, '']);
  else fields.push([line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]);
}
