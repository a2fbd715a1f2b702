import { expect } from 'chai';
import type { Matcher, Seen } from '../plan.js';
import { nameError, nameExpectedError, showMatcher, showSeen } from './show.js';
import { error, path } from './testing/build.js';

describe('show', () => {
  it('prints what was seen in one line', () => {
    const rows: [Seen, string][] = [
      ['a\r\n', '"a\\r\\n"'],
      [{ a: [1, null], 'b c': true, ':status': 200 }, '{a: [1, null], "b c": true, :status: 200}'],
      [error('Error', 'ECONNRESET', 'aborted'), 'Error {message: "aborted", code: "ECONNRESET"}'],
      [{ $: 'bytes', class: 'Buffer', base64: 'AP8=', length: 2 }, 'Buffer <00ff>'],
      [{ $: 'object', class: 'Agent', classes: ['Agent'], props: {} }, 'Agent'],
      [{ $: 'object', class: null, classes: [], props: { a: 1 } }, '[null prototype] {a: 1}'],
      [{ $: 'map', entries: [['a', 1]] }, 'Map {"a" => 1}'],
      [{ $: 'plain', entries: [['[s]', { $: 'nan' }]] }, '{[s]: NaN}'],
    ];
    for (const [seen, text] of rows) expect(showSeen(seen)).to.equal(text);
  });

  it('prints what is asked for in one line', () => {
    const rows: [Matcher, string][] = [
      [{ message: 'aborted', code: { $: 'any' } }, '{message: "aborted", code: anything}'],
      [{ $: 'compare', gte: 1, lt: 3 }, '>= 1 and < 3'],
      [{ $: 'one-of', choices: ['a', { $: 'absent' }] }, '"a" or absent'],
      [{ $: 'partial', props: { a: 1 } }, '{a: 1, …}'],
      [{ $: 'instance', class: 'Error', props: { code: 'E' } }, 'instance of Error {code: "E"}'],
      [{ $: 'match', pattern: '^a', flags: 'i' }, '/^a/i'],
      [{ $: 'repeat', text: 'ab', times: 9, view: 'Buffer' }, 'Buffer of "ab" x 9'],
      [{ $: 'fmt', parts: ['a:', path('peer.port')] }, '"a:{peer.port}"'],
    ];
    for (const [matcher, text] of rows) expect(showMatcher(matcher)).to.equal(text);
  });

  it('cuts long strings and bytes in the middle, long values at the end', () => {
    expect(showSeen(`start${'x'.repeat(500)}end`)).to.match(/^"startx+…x+end" \(508 chars\)$/);
    const base64 = Buffer.alloc(100, 1).toString('base64');
    expect(showSeen({ $: 'bytes', class: 'Buffer', base64, length: 100 })).to.equal(
      'Buffer <010101010101010101010101…010101010101010101010101> (100 bytes)',
    );
    expect(showSeen(Array(100).fill('abcdefghijkl'), 50)).to.have.lengthOf(50);
  });

  it('names errors by class and code, by message where there is no code', () => {
    expect(nameError(error('TypeError', 'ERR_X', 'bad'))).to.equal('TypeError ERR_X');
    expect(nameError(error('Error', undefined, 'bad'))).to.equal('Error "bad"');
    expect(nameExpectedError({ name: 'TypeError', code: 'ERR_X', message: 'bad' })).to.equal('TypeError ERR_X');
    expect(nameExpectedError({ $: 'instance', class: 'RangeError' })).to.equal('RangeError');
    expect(nameExpectedError({ message: 'bad' })).to.equal('{message: "bad"}');
  });
});
