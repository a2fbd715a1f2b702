import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { HpackError } from './hpack-error.js';
import { huffmanLength, readHuffman, writeHuffman } from './huffman.js';
import { CODE_LENGTHS, CODES, EOS } from './huffman-code.js';

const ALL_OCTETS = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join('');

function encoded(text: string): Buffer {
  const target = Buffer.alloc(huffmanLength(text));
  expect(writeHuffman(target, 0, text)).to.equal(target.length);
  return target;
}

/** Octets from 0s and 1s. */
function bits(text: string): Buffer {
  return Buffer.from(text.match(/.{8}/g)!.map((octet) => Number.parseInt(octet, 2)));
}

function read(bytes: Buffer): string {
  return readHuffman(bytes, 0, bytes.length);
}

describe('Huffman code', () => {
  it('has the codes of RFC 7541 Appendix B', () => {
    const known: [symbol: number, code: number, length: number][] = [
      [0, 0x1ff8, 13],
      [10, 0x3fff_fffc, 30],
      [32, 0x14, 6],
      [48, 0x0, 5],
      [92, 0x7_fff0, 19],
      [97, 0x3, 5],
      [122, 0x7b, 7],
      [127, 0xfff_fffc, 28],
      [199, 0x1ff_ffec, 25],
      [249, 0xfff_fffe, 28],
      [255, 0x3ff_ffee, 26],
      [EOS, 0x3fff_ffff, 30],
    ];
    for (const [symbol, code, length] of known)
      expect([CODES[symbol], CODE_LENGTHS[symbol]]).to.deep.equal([code, length]);
  });

  it('leaves no sequence of bits without a meaning', () => {
    expect(CODE_LENGTHS.reduce((sum, length) => sum + 2 ** -length, 0)).to.equal(1);
  });

  it('brings any octets back, wherever they stand', () => {
    for (const text of ['', ALL_OCTETS, ALL_OCTETS.repeat(100)]) expect(read(encoded(text))).to.equal(text);
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(255).map((octet) => String.fromCharCode(octet)) }), (text) => {
        const bytes = encoded(text);
        const framed = Buffer.concat([Buffer.from([0xff]), bytes, Buffer.from([0])]);
        expect(readHuffman(framed, 1, 1 + bytes.length)).to.equal(text);
      }),
    );
  });

  it('keeps the lower eight bits of characters beyond latin1', () => {
    expect(read(encoded('\u0161'))).to.equal('a');
  });

  it('takes up to seven 1 bits as padding', () => {
    expect(read(bits('00011111'))).to.equal('a');
    expect(read(bits(`${'00011'.repeat(5)}1111111`))).to.equal('aaaaa');
  });

  const refused: [what: string, bits: string][] = [
    ['an octet of padding', '11111111'],
    ['an octet of padding behind a symbol', '0001111111111111'],
    ['padding with a 0 in it', '00011110'],
    ['padding of zeros', '11111000' + '10100000'],
    ['a code that is cut off', '1111111111000000'],
    ['EOS', '11111111111111111111111111111111'],
    ['EOS between symbols', `00011${'1'.repeat(30)}00011`],
  ];
  for (const [what, text] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => read(bits(text)))
        .to.throw(HpackError)
        .with.property('section', 'RFC 7541 §5.2');
    });
  }
});
