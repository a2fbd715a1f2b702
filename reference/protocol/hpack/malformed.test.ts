import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { Decoder } from './decoder.js';
import { Encoder } from './encoder.js';
import { HpackError } from './hpack-error.js';

function decode(hex: string, decoder = new Decoder()) {
  return decoder.decode(Buffer.from(hex, 'hex'));
}

const REFUSED: [what: string, hex: string, section: string][] = [
  ['index 0', '80', '§6.1'],
  ['an index beyond the static table while the dynamic one is empty', 'be', '§2.3.3'],
  ['a name index beyond the tables', '7e0161', '§2.3.3'],
  ['an index beyond the dynamic table', '4001610162' + 'bf', '§2.3.3'],
  ['an integer that is cut off', 'ff80', '§5.1'],
  ['an integer of too many octets', 'ff808080808000', '§5.1'],
  ['an integer of too many octets that says no more than a short one', 'ff80808080808080808000', '§5.1'],
  ['an integer beyond 32 bits', 'ffffffffff7f', '§5.1'],
  ['a block that ends before a name', '40', '§5.1'],
  ['a block that ends before a value', '400161', '§5.1'],
  ['a block that ends within a name', '400261', '§5.2'],
  ['a block that ends within a value', '4001610362', '§5.2'],
  ['a string longer than anything', '400161' + '7fffffffff07', '§5.2'],
  ['EOS in a string', '400161' + '84ffffffff', '§5.2'],
  ['padding of eight bits', '400161' + '821fff', '§5.2'],
  ['a size update behind a field', '8220', '§4.2'],
  ['a size update beyond what is allowed', '3fe21f', '§6.3'],
];

describe('decoder of malformed blocks', () => {
  for (const [what, hex, section] of REFUSED) {
    it(`refuses ${what}`, () => {
      expect(() => decode(hex))
        .to.throw(HpackError)
        .that.includes({ code: 'COMPRESSION_ERROR', section: `RFC 7541 ${section}` });
    });
  }

  it('takes the largest size update and several in a row', () => {
    expect(decode('3fe11f' + '20' + '3fe11f' + '82').fields).to.have.length(1);
  });

  it('demands a size update after the table had to shrink', () => {
    const shrunk = new Decoder();
    shrunk.limitTableSize(100);
    shrunk.limitTableSize(4096);
    const section = 'RFC 7541 §4.2';
    expect(() => decode('82', shrunk))
      .to.throw(HpackError)
      .with.property('section', section);
    expect(() => decode('3fe11f82', shrunk))
      .to.throw(HpackError)
      .with.property('section', section);
    expect(decode('3f45' + '3fe11f' + '82', shrunk).fields).to.have.length(1);
    expect(decode('82', shrunk).fields).to.have.length(1);
  });

  it('demands none while the other side uses less anyway', () => {
    const decoder = new Decoder();
    decode('20', decoder);
    decoder.limitTableSize(100);
    expect(decode('82', decoder).fields).to.have.length(1);
  });

  it('refuses every block that is cut within a field', () => {
    const bytes = new Encoder().encode([
      { name: ':path', value: '/some/where' },
      { name: 'x-custom', value: '\u0000\u00ff', sensitive: true },
    ]);
    const boundary = 1 + 1 + 8;
    expect(new Decoder().decode(bytes.subarray(0, boundary)).fields).to.have.length(1);
    for (let end = 1; end < bytes.length; end++) {
      if (end !== boundary) expect(() => new Decoder().decode(bytes.subarray(0, end))).to.throw(HpackError);
    }
  });

  it('answers any bytes with fields or an HpackError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
        const decoder = new Decoder();
        try {
          for (const bytes of blocks) decoder.decode(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(HpackError);
        }
        expect(decoder.tableSize).to.be.at.most(4096);
      }),
      { numRuns: 2000 },
    );
  });
});
