// RFC 7541 Appendix C, byte for byte, in both directions.
import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { Decoder } from './decoder.js';
import { Encoder } from './encoder.js';
import type { HeaderField } from './header-field.js';
import { always } from './indexing.js';
import { readInteger, writeInteger } from './integer.js';
import type { Literal } from './representation.js';

/** `name: value` a line; the colon of a pseudo-header is not the separator. */
function fields(...lines: string[]): HeaderField[] {
  return lines.map((line) => {
    const colon = line.indexOf(':', 1);
    return { name: line.slice(0, colon), value: line.slice(colon + 2) };
  });
}

function lines(list: Iterable<HeaderField>): string[] {
  return Array.from(list, ({ name, value }) => `${name}: ${value}`);
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ''), 'hex');
}

describe('RFC 7541 C.1: integers', () => {
  for (const [section, value, prefix, hex] of [
    ['C.1.1', 10, 5, '0a'],
    ['C.1.2', 1337, 5, '1f9a0a'],
    ['C.1.3', 42, 8, '2a'],
  ] as const) {
    it(`${section}: ${value} with a ${prefix}-bit prefix`, () => {
      const target = Buffer.alloc(6);
      const end = writeInteger(target, 0, 0, prefix, value);
      expect(target.toString('hex', 0, end)).to.equal(hex);
      expect(readInteger({ block: bytes(hex), at: 0 }, prefix)).to.equal(value);
    });
  }
});

describe('RFC 7541 C.2: representations', () => {
  const cases: [section: string, literal: Literal, line: string, hex: string, table: string[]][] = [
    [
      'C.2.1',
      'INCREMENTAL_INDEXING',
      'custom-key: custom-header',
      '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
      ['custom-key: custom-header'],
    ],
    ['C.2.2', 'WITHOUT_INDEXING', ':path: /sample/path', '040c 2f73 616d 706c 652f 7061 7468', []],
    ['C.2.3', 'NEVER_INDEXED', 'password: secret', '1008 7061 7373 776f 7264 0673 6563 7265 74', []],
    ['C.2.4', 'INCREMENTAL_INDEXING', ':method: GET', '82', []],
  ];
  for (const [section, literal, line, hex, table] of cases) {
    it(`${section}: ${line}`, () => {
      const encoder = new Encoder({ indexing: always(literal), huffman: 'never' });
      const decoder = new Decoder();
      expect(encoder.encode(fields(line)).toString('hex')).to.equal(bytes(hex).toString('hex'));
      const [field] = decoder.decode(bytes(hex)).fields;
      expect(lines([field!])).to.deep.equal([line]);
      expect(field!.sensitive).to.equal(literal === 'NEVER_INDEXED');
      expect(lines(encoder.dynamicTable)).to.deep.equal(table);
      expect(lines(decoder.dynamicTable)).to.deep.equal(table);
    });
  }
});

interface Message {
  fields: string[];
  plain: string;
  huffman: string;
  /** The dynamic table behind the message. */
  table: string[];
  size: number;
}

const REQUESTS: Message[] = [
  {
    fields: [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    plain: '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
    huffman: '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
    table: [':authority: www.example.com'],
    size: 57,
  },
  {
    fields: [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    plain: '8286 84be 5808 6e6f 2d63 6163 6865',
    huffman: '8286 84be 5886 a8eb 1064 9cbf',
    table: ['cache-control: no-cache', ':authority: www.example.com'],
    size: 110,
  },
  {
    fields: [
      ':method: GET',
      ':scheme: https',
      ':path: /index.html',
      ':authority: www.example.com',
      'custom-key: custom-value',
    ],
    plain: '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    huffman: '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    table: ['custom-key: custom-value', 'cache-control: no-cache', ':authority: www.example.com'],
    size: 164,
  },
];

const RESPONSES: Message[] = [
  {
    fields: [
      ':status: 302',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ],
    plain: `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32
      3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
    huffman: `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad
      1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
    table: [
      'location: https://www.example.com',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'cache-control: private',
      ':status: 302',
    ],
    size: 222,
  },
  {
    fields: [
      ':status: 307',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ],
    plain: '4803 3330 37c1 c0bf',
    huffman: '4883 640e ffc1 c0bf',
    table: [
      ':status: 307',
      'location: https://www.example.com',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'cache-control: private',
    ],
    size: 222,
  },
  {
    fields: [
      ':status: 200',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
      'location: https://www.example.com',
      'content-encoding: gzip',
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ],
    plain: `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738
      666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630
      303b 2076 6572 7369 6f6e 3d31`,
    huffman: `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7
      b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    table: [
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      'content-encoding: gzip',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
    ],
    size: 215,
  },
];

describe('RFC 7541 C.3 to C.6: messages on one connection', () => {
  for (const [section, messages, huffman, maxTableSize] of [
    ['C.3: requests without Huffman coding', REQUESTS, false, 4096],
    ['C.4: requests with Huffman coding', REQUESTS, true, 4096],
    ['C.5: responses without Huffman coding', RESPONSES, false, 256],
    ['C.6: responses with Huffman coding', RESPONSES, true, 256],
  ] as const) {
    const hex = (message: Message) => bytes(huffman ? message.huffman : message.plain).toString('hex');

    it(`${section}: encoded`, () => {
      const encoder = new Encoder({
        maxTableSize,
        indexing: always('INCREMENTAL_INDEXING'),
        huffman: huffman ? 'always' : 'never',
      });
      // The examples leave out the size update, having agreed on the size beforehand.
      encoder.encode([]);
      for (const message of messages) {
        expect(encoder.encode(fields(...message.fields)).toString('hex')).to.equal(hex(message));
        expect(lines(encoder.dynamicTable)).to.deep.equal(message.table);
        expect(encoder.tableSize).to.equal(message.size);
      }
    });

    it(`${section}: decoded`, () => {
      const decoder = new Decoder({ maxTableSize });
      for (const message of messages) {
        expect(lines(decoder.decode(Buffer.from(hex(message), 'hex')).fields)).to.deep.equal(message.fields);
        expect(lines(decoder.dynamicTable)).to.deep.equal(message.table);
        expect(decoder.tableSize).to.equal(message.size);
      }
    });
  }
});
