import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { Decoder } from './decoder.js';
import { Encoder, type EncoderOptions } from './encoder.js';
import { fieldSize, type HeaderField } from './header-field.js';
import { always, neverIndexing } from './indexing.js';
import type { Literal } from './representation.js';
import { STATIC_TABLE } from './static-table.js';

const field = (name: string, value: string, sensitive = false): HeaderField => ({ name, value, sensitive });

function block(encoder: Encoder, ...fields: HeaderField[]): string {
  return encoder.encode(fields).toString('hex');
}

type Step = HeaderField[] | { limit: number } | { choose: number };

/** Few names and values, so that they come again; some of a size that empties tables. */
function anySteps(): fc.Arbitrary<Step[]> {
  const octets = fc.string({ unit: fc.nat(255).map((octet) => String.fromCharCode(octet)), maxLength: 12 });
  const name = fc.oneof(fc.constantFrom('a', 'bb', 'cookie', ':path', 'authorization', 'via'), octets);
  const value = fc.oneof(fc.constantFrom('', '/', '1', 'x'.repeat(70), 'y'.repeat(300)), octets);
  const size = fc.constantFrom(0, 31, 33, 40, 100, 256, 1000, 4096, 20_000);
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.array(fc.tuple(name, value, fc.boolean()).map((parts) => field(...parts))) },
      { weight: 1, arbitrary: fc.record({ limit: size }) },
      { weight: 1, arbitrary: fc.record({ choose: size }) },
    ),
    { maxLength: 30 },
  );
}

describe('encoder and decoder', () => {
  for (const indexing of ['INCREMENTAL_INDEXING', 'WITHOUT_INDEXING', 'NEVER_INDEXED', undefined] as const) {
    for (const huffman of ['shorter', 'always', 'never'] as const) {
      it(`stay in step: ${indexing ?? 'default policy'}, Huffman coding ${huffman}`, () => {
        fc.assert(
          fc.property(anySteps(), (steps) => {
            performSteps(steps, indexing, huffman);
          }),
          { numRuns: 50 },
        );
      });
    }
  }

  function performSteps(steps: Step[], indexing: Literal | undefined, huffman: EncoderOptions['huffman'] & string) {
    const encoder = new Encoder(indexing ? { indexing: always(indexing), huffman } : { huffman });
    const decoder = new Decoder();
    for (const step of steps) {
      if ('limit' in step) {
        decoder.limitTableSize(step.limit);
        encoder.limitTableSize(step.limit);
      } else if ('choose' in step) {
        encoder.maxTableSize = step.choose;
      } else {
        const { fields, size } = decoder.decode(encoder.encode(step));
        expect(fields.map(({ name, value }) => [name, value])).to.deep.equal(
          step.map(({ name, value }) => [name, value]),
        );
        for (const [i, { sensitive }] of step.entries()) if (sensitive) expect(fields[i]!.sensitive).to.equal(true);
        expect(size).to.equal(step.reduce((sum, { name, value }) => sum + fieldSize(name, value), 0));
        expect(decoder.tableSize).to.equal(encoder.tableSize).and.to.be.at.most(encoder.maxTableSize);
        expect(decoder.maxTableSize).to.equal(encoder.maxTableSize);
        const pairs = (list: readonly HeaderField[]) => list.map(({ name, value }) => [name, value]);
        expect(pairs(decoder.dynamicTable)).to.deep.equal(pairs(encoder.dynamicTable));
      }
    }
  }
});

describe('Encoder', () => {
  it('knows each entry of the static table by its index', () => {
    const encoder = new Encoder();
    STATIC_TABLE.forEach((entry, i) => {
      expect(block(encoder, entry)).to.equal((0x81 + i).toString(16));
    });
    expect(STATIC_TABLE).to.have.length(61);
  });

  it('never indexes a sensitive field, even one that is in a table', () => {
    const encoder = new Encoder({ huffman: 'never' });
    expect(block(encoder, field('a', 'b'))).to.equal('40' + '0161' + '0162');
    expect(block(encoder, field('a', 'b'))).to.equal('be');
    expect(block(encoder, field('a', 'b', true))).to.equal('1f2f' + '0162');
    expect(block(encoder, field(':method', 'GET', true))).to.equal('12' + '03474554');
    expect(encoder.dynamicTable).to.have.length(1);
  });

  it('has a policy that spares secrets and the table', () => {
    const encoder = new Encoder();
    const decoder = new Decoder();
    const { fields } = decoder.decode(
      encoder.encode([
        field('authorization', 'Basic Og=='),
        field('cookie', 'short=1'),
        field('cookie', 'long=123456789012345'),
        field(':path', '/x'),
        field('x-large', 'v'.repeat(3500)),
      ]),
    );
    expect(fields.map(({ sensitive }) => sensitive)).to.deep.equal([true, true, false, false, false]);
    expect(encoder.dynamicTable.map(({ name }) => name)).to.deep.equal(['cookie']);
  });

  it('never indexes fields of given names', () => {
    const encoder = new Encoder({ indexing: neverIndexing(['x-token'], always('INCREMENTAL_INDEXING')) });
    const { fields } = new Decoder().decode(encoder.encode([field('x-token', 't'), field('x-other', 'o')]));
    expect(fields.map(({ sensitive }) => sensitive)).to.deep.equal([true, false]);
  });

  it('tells of a size that is not the default before the first field', () => {
    expect(block(new Encoder({ maxTableSize: 0 }), field(':method', 'GET'))).to.equal('20' + '82');
    expect(block(new Encoder({ maxTableSize: 65_536 }), field(':method', 'GET'))).to.equal('82');
  });

  it('tells once of a change, and of the least size in between', () => {
    const encoder = new Encoder({ maxTableSize: 65_536 });
    encoder.limitTableSize(65_536);
    expect(block(encoder)).to.equal('3fe1ff03');
    encoder.limitTableSize(100);
    encoder.limitTableSize(10);
    encoder.limitTableSize(30);
    expect(block(encoder)).to.equal('2a' + '3e');
    expect(block(encoder)).to.equal('');
    encoder.limitTableSize(30);
    expect(block(encoder)).to.equal('');
  });

  it('keeps its own copy of what it indexes', () => {
    const encoder = new Encoder({ huffman: 'never' });
    const changing = { name: 'a', value: 'b' };
    encoder.encode([changing]);
    changing.value = 'c';
    expect(block(encoder, field('a', 'b'))).to.equal('be');
  });

  it('hands out blocks that later ones do not overwrite', () => {
    const encoder = new Encoder({ indexing: always('WITHOUT_INDEXING'), huffman: 'never' });
    const small = encoder.encode([field('a', 'b')]);
    const large = encoder.encode([field('a', 'x'.repeat(100_000))]);
    encoder.encode([field('a', 'y'.repeat(100_000))]);
    expect(small.toString('hex')).to.equal('00' + '0161' + '0162');
    expect(large.toString('latin1', large.length - 5)).to.equal('xxxxx');
  });
});

describe('Decoder', () => {
  it('leaves out what is beyond a limit, says so, and stays in step', () => {
    const encoder = new Encoder();
    const fields = [field('a', '1'), field('b', '2'), field('c', '3')];
    const blocks = [encoder.encode(fields), encoder.encode(fields)];
    for (const [options, kept, exceeds] of [
      [{ maxFieldCount: 2 }, 2, 'count'],
      [{ maxFieldCount: 3 }, 3, undefined],
      [{ maxHeaderListSize: 101 }, 2, 'size'],
      [{ maxHeaderListSize: 102 }, 3, undefined],
    ] as const) {
      const decoder = new Decoder(options);
      for (const bytes of blocks) {
        const list = decoder.decode(bytes);
        expect(list).to.include({ exceeds, size: 102 });
        expect(list.fields.map(({ name }) => name)).to.deep.equal(['a', 'b', 'c'].slice(0, kept));
      }
      expect(decoder.dynamicTable).to.have.length(3);
    }
  });

  it('evicts only after the name of the new field has been read', () => {
    // §4.4: the name of an entry that goes when the field comes.
    const decoder = new Decoder({ maxTableSize: 40 });
    decoder.decode(Buffer.from('40' + '0161' + '0162', 'hex'));
    const { fields } = decoder.decode(Buffer.from('7e' + '0163', 'hex'));
    expect(fields).to.deep.equal([field('a', 'c')]);
    expect(decoder.dynamicTable).to.deep.equal([field('a', 'c')]);
  });

  it('takes any bytes', () => {
    const whole = new Uint8Array([0xff, 0x82, 0xff]);
    expect(new Decoder().decode(whole.subarray(1, 2)).fields).to.deep.equal([field(':method', 'GET')]);
  });
});
