const LINE_FEED = 0x0a;

/** Bytes that have arrived and have not been read, in the chunks they came in. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;
  /** So many bytes at the front hold no line feed: a line that arrives byte by byte is not searched from its start again. */
  #searched = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Takes off up to `count` bytes. */
  take(count: number): Buffer {
    const taken: Buffer[] = [];
    let left = Math.min(count, this.#length);
    const size = left;
    let used = 0;
    while (left > 0) {
      const chunk = this.#chunks[used]!;
      if (chunk.length > left) {
        taken.push(chunk.subarray(0, left));
        this.#chunks[used] = chunk.subarray(left);
        break;
      }
      taken.push(chunk);
      left -= chunk.length;
      used++;
    }
    if (used > 0) this.#chunks = this.#chunks.slice(used);
    this.#length -= size;
    this.#searched = Math.max(0, this.#searched - size);
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken, size);
  }

  /** Takes off a line without its LF or CRLF; undefined while its end has not arrived. */
  takeLine(): string | undefined {
    let start = 0;
    for (const chunk of this.#chunks) {
      const end = start + chunk.length;
      if (end > this.#searched) {
        const found = chunk.indexOf(LINE_FEED, Math.max(0, this.#searched - start));
        if (found !== -1) {
          this.#searched = 0;
          return this.take(start + found + 1)
            .toString('latin1')
            .replace(/\r?\n$/, '');
        }
      }
      start = end;
    }
    this.#searched = this.#length;
    return undefined;
  }

  /** Takes off everything up to and including the text; undefined while it has not arrived. */
  takeThrough(text: Buffer): Buffer | undefined {
    const all = this.#gather();
    const found = all.indexOf(text);
    return found === -1 ? undefined : this.take(found + text.length);
  }

  /** A copy of the first bytes, without taking them off. */
  peek(count: number): Buffer {
    return this.#gather().subarray(0, count);
  }

  #gather(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#length)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}
