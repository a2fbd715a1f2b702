import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import type { ParseError } from './parse-error.js';
import { type Event, record, type Setup, show } from './testing/record.js';
import { cut, cuts, streamOf } from './testing/streams.js';

describe('MessageParser', () => {
  for (const kind of ['request', 'response'] as const) {
    it(`reads a stream of ${kind}s the same, however it is cut`, () => {
      const property = fc.property(streamOf(kind), cuts, fc.boolean(), (bytes, places, lenient) => {
        const setup: Setup = { kind, lenient, maxHeaderSize: 0, answers: [0] };
        const code = (error: ParseError): Event => ['error', error.code, error.reason];
        const whole = record(setup, [Buffer.from(bytes, 'latin1')], code);
        expect(show(record(setup, cut(bytes, places), code))).to.equal(show(whole));
      });
      fc.assert(property, { numRuns: 1000 });
    });
  }
});
