// Frames and HPACK against nghttp2, through Node's own http2: what one side writes the other must read.
//
// PLUMBLINE_CASES=100000 for a long run, so many lists in each direction; PLUMBLINE_SEED to begin elsewhere.
import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { Decoder } from './hpack/decoder.js';
import { Encoder } from './hpack/encoder.js';
import type { HeaderField } from './hpack/header-field.js';
import { decodeFrame } from './http2/decode-frame.js';
import { encodeFrame } from './http2/encode-frame.js';
import { FieldBlockJoiner, splitFieldBlock } from './http2/field-block.js';
import { Flag, type Frame, MIN_MAX_FRAME_SIZE } from './http2/frame.js';
import { FrameError } from './http2/frame-error.js';
import { FrameReader, PREFACE } from './http2/frame-reader.js';
import { SettingId } from './http2/settings.js';

/** What one end of the wire needs to exchange field lists: no flow control, no streams. */
class Wire {
  readonly encoder = new Encoder({ maxTableSize: 65_536 });
  readonly decoder = new Decoder();
  readonly #socket: net.Socket;
  readonly #reader: FrameReader;
  readonly #joiner = new FieldBlockJoiner();
  readonly #unacknowledged: (number | undefined)[] = [];
  readonly #received: ((fields: readonly HeaderField[], streamId: number) => void)[] = [];

  constructor(socket: net.Socket, side: 'client' | 'server') {
    this.#socket = socket.setNoDelay();
    this.#reader = new FrameReader({ maxFrameSize: MIN_MAX_FRAME_SIZE, preface: side === 'server' });
    if (side === 'client') socket.write(PREFACE);
    this.sendTableSize(undefined);
    socket.on('data', (chunk) => {
      this.#reader.push(chunk);
      for (const raw of this.#reader.frames()) {
        if (raw instanceof FrameError) throw new Error(raw.toString());
        const error = this.#joiner.check(raw);
        if (error) throw new Error(error.toString());
        this.#receive(decodeFrame(raw));
      }
    });
  }

  /** Announces a SETTINGS_HEADER_TABLE_SIZE, which holds once acknowledged; undefined: empty SETTINGS. */
  sendTableSize(size: number | undefined): void {
    const settings = size === undefined ? [] : [[SettingId.HEADER_TABLE_SIZE, size] as const];
    this.#unacknowledged.push(size);
    this.send({ type: 'SETTINGS', flags: 0, streamId: 0, settings });
  }

  sendFields(streamId: number, fields: readonly HeaderField[]): void {
    const fragment = this.encoder.encode(fields);
    const headers = { type: 'HEADERS', flags: Flag.END_STREAM, streamId, fragment } as const;
    for (const frame of splitFieldBlock(headers, MIN_MAX_FRAME_SIZE)) this.send(frame);
  }

  /** The next field list to come. */
  async receiveFields(): Promise<{ fields: readonly HeaderField[]; streamId: number }> {
    return new Promise((resolve) => {
      this.#received.push((fields, streamId) => resolve({ fields, streamId }));
    });
  }

  send(frame: Frame): void {
    this.#socket.write(encodeFrame(frame));
  }

  #receive(decoded: Frame | FrameError): void {
    const frame = decoded instanceof FrameError ? decoded : this.#joiner.join(decoded);
    if (frame === undefined) return;
    if (frame instanceof FrameError) throw new Error(frame.toString());
    if (frame.type === 'GOAWAY') throw new Error(`GOAWAY ${frame.errorCode} ${frame.debugData}`);
    if (frame.type === 'RST_STREAM') throw new Error(`RST_STREAM ${frame.errorCode}`);
    if (frame.type === 'SETTINGS') this.#receiveSettings(frame.flags, new Map(frame.settings));
    if (frame.type !== 'HEADERS') return;
    this.#received.shift()!(this.decoder.decode(frame.fragment).fields, frame.streamId);
  }

  #receiveSettings(flags: number, settings: Map<number, number>): void {
    if ((flags & Flag.ACK) !== 0) {
      const size = this.#unacknowledged.shift();
      if (size !== undefined) this.decoder.limitTableSize(size);
      return;
    }
    const size = settings.get(SettingId.HEADER_TABLE_SIZE);
    if (size !== undefined) this.encoder.limitTableSize(size);
    this.send({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] });
  }
}

const TABLE_SIZES = [0, 64, 4096, 100, 16_384, 1000, 65_536, 33];

type Pair = [name: string, value: string];

const NAMES = ['accept', 'cache-control', 'cookie', 'x-a', 'x-b', 'x-c', 'user-agent', 'authorization', 'via'];

/** A list of fields, and the table size that is announced before it. */
interface Case {
  pairs: Pair[];
  tableSize: number | undefined;
}

const unchanging = (pairs: Pair[]): Case => ({ pairs, tableSize: undefined });

const numRuns = Number(process.env.PLUMBLINE_CASES ?? 150);
const seed = Number(process.env.PLUMBLINE_SEED ?? 7541);

/** Cases made at a time: 100,000 of them at once would take a gigabyte. */
const BATCH = 1000;

/** Lists of many known and some new fields; names are tokens, values what RFC 9110 §5.5 allows. */
function* sampleCases(tableSizes: readonly number[]): Generator<Case, void, void> {
  const octet = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0x21, max: 0x7e }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  );
  const text = fc.string({ unit: octet.map((code) => String.fromCharCode(code)), maxLength: 60 });
  const value = fc.oneof(fc.constantFrom('', 'gzip, deflate', 'no-cache', 'v'.repeat(400)), text);
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_`|~-]{1,20}$/));
  const pairs = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 });
  const tableSize = fc.constantFrom(undefined, ...tableSizes);
  for (let made = 0; made < numRuns; made += BATCH) {
    yield* fc.sample(fc.record({ pairs, tableSize }), { numRuns: Math.min(BATCH, numRuns - made), seed: seed + made });
  }
}

/** Each octet of the range at the end of text that is shorter in the Huffman code, whatever the octet. */
function octetCases(from: number, to: number): Case[] {
  const pairs: Pair[] = [];
  for (let octet = from; octet <= to; octet++) {
    if (octet !== 0x7f) pairs.push(['x-octet', `${'a'.repeat(60)}${String.fromCharCode(octet)}a`]);
  }
  return pairs.map((pair) => unchanging([pair]));
}

function pairsOf(fields: readonly HeaderField[]): Pair[] {
  return fields
    .filter(({ name }) => name.startsWith('x-') || NAMES.includes(name))
    .map(({ name, value }) => [name, value]);
}

function pairsOfRaw(raw: readonly string[]): Pair[] {
  const fields = raw.flatMap((name, i) => (i % 2 === 0 ? [{ name, value: raw[i + 1]! }] : []));
  return pairsOf(fields);
}

function fieldsOf(pairs: readonly Pair[]): HeaderField[] {
  return pairs.map(([name, value]) => ({ name, value, sensitive: name === 'x-b' }));
}

function headersOf(pairs: readonly Pair[]) {
  return { ...Object.fromEntries(pairs), [http2.sensitiveHeaders]: ['x-b'] };
}

function sensitiveOf(fields: readonly HeaderField[]): string[] {
  return fields.filter(({ sensitive }) => sensitive).map(({ name }) => name);
}

const REQUEST: HeaderField[] = [
  { name: ':method', value: 'GET' },
  { name: ':scheme', value: 'http' },
  { name: ':authority', value: 'localhost' },
  { name: ':path', value: '/' },
];

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('against nghttp2', () => {
  /** Requests by Node's client with these fields, answered with the same; returns what sizes its table had. */
  async function withNodeClient(cases: Iterable<Case>): Promise<Set<number>> {
    const sizes = new Set<number>();
    const server = net.createServer();
    const port = await listening(server);
    const client = http2.connect(`http://127.0.0.1:${port}`, { maxDeflateDynamicTableSize: 65_536 });
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    const wire = new Wire(socket, 'server');
    try {
      for (const { pairs, tableSize } of cases) {
        if (tableSize !== undefined) {
          wire.sendTableSize(tableSize);
          client.settings({ headerTableSize: tableSize });
        }
        const requested = wire.receiveFields();
        const stream = client.request(headersOf(pairs));
        const { fields, streamId } = await requested;
        expect(pairsOf(fields)).to.deep.equal(pairs);
        const marked = sensitiveOf(fields).filter(isOwn);
        expect(marked).to.deep.equal(pairs.some(([name]) => name === 'x-b') ? ['x-b'] : []);
        wire.sendFields(streamId, [{ name: ':status', value: '200' }, ...fieldsOf(pairs.filter(isAllowed))]);
        const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
        for (const [name, value] of pairs.filter(isAllowed)) expect(headers).to.have.property(name, value);
        stream.resume();
        sizes.add(wire.decoder.maxTableSize);
      }
      return sizes;
    } finally {
      client.destroy();
      socket.destroy();
      server.close();
    }
  }

  /** As above, the other way round. */
  async function withNodeServer(cases: Iterable<Case>): Promise<Set<number>> {
    const sizes = new Set<number>();
    const server = http2.createServer({ maxDeflateDynamicTableSize: 65_536, maxSettings: 64 });
    const port = await listening(server);
    const socket = net.connect(port, '127.0.0.1');
    const wire = new Wire(socket, 'client');
    try {
      let streamId = -1;
      for (const { pairs, tableSize } of cases) {
        streamId += 2;
        const requested = once(server, 'stream') as Promise<
          [http2.ServerHttp2Stream, http2.IncomingHttpHeaders, number, string[]]
        >;
        const answered = wire.receiveFields();
        wire.sendFields(streamId, [...REQUEST, ...fieldsOf(pairs)]);
        const [stream, headers, , rawHeaders] = await requested;
        expect(pairsOfRaw(rawHeaders)).to.deep.equal(pairs);
        const marked = (Reflect.get(headers, http2.sensitiveHeaders) as string[]).filter(isOwn);
        expect(marked).to.deep.equal(pairs.some(([name]) => name === 'x-b') ? ['x-b'] : []);
        if (tableSize !== undefined) {
          stream.session!.settings({ headerTableSize: tableSize });
          wire.sendTableSize(tableSize);
        }
        stream.respond(headersOf(pairs), { endStream: true });
        expect(pairsOf((await answered).fields)).to.deep.equal(pairs);
        sizes.add(wire.decoder.maxTableSize);
      }
      return sizes;
    } finally {
      socket.destroy();
      server.close();
    }
  }

  /** nghttp2 has a mind of its own about which of the others are sensitive. */
  function isOwn(name: string): boolean {
    return name.startsWith('x-');
  }

  /** Node's client writes control characters, but takes none. */
  function isAllowed([, value]: Pair): boolean {
    return !/[\0-\x08\x0a-\x1f\x7f]/.test(value);
  }

  const each = `${numRuns.toLocaleString('en')} field lists`;

  it(`reads and writes ${each} with its client`, async () => {
    await withNodeClient(sampleCases([]));
  }).timeout(0);

  it(`reads and writes ${each} with its server`, async () => {
    await withNodeServer(sampleCases([]));
  }).timeout(0);

  it(`stays in step with its client over ${each} while table sizes change`, async () => {
    expect(await withNodeClient(sampleCases(TABLE_SIZES))).to.include.all.keys(TABLE_SIZES);
  }).timeout(0);

  it(`stays in step with its server over ${each} while table sizes change`, async () => {
    expect(await withNodeServer(sampleCases(TABLE_SIZES))).to.include.all.keys(TABLE_SIZES);
  }).timeout(0);

  // NUL never passes through Node: its code is what the others and EOS leave over.
  it('reads every octet but NUL', async () => {
    await withNodeClient([...octetCases(0x01, 0xff), unchanging([['x-octet', `${'a'.repeat(60)}\x7f`]])]);
  });

  it('writes every octet that a value may have', async () => {
    await withNodeServer([...octetCases(0x20, 0xff), unchanging([['x-octet', `${'a'.repeat(60)}\ta`]])]);
  });

  it('reads and writes a field block in CONTINUATION frames', async () => {
    const pairs = Array.from({ length: 4 }, (_, i): Pair => [`x-large${i}`, 'abcdefgh'.repeat(1800 + i)]);
    await withNodeClient([unchanging(pairs)]);
    await withNodeServer([unchanging(pairs)]);
  });
});
