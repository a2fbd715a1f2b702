import { expect } from 'chai';
import { cut, duration, escapeHtml, thousands, visible } from './text.js';

describe('text', () => {
  it('shows what cannot be shown', () => {
    expect(visible('a\u0000\u001b\u0085\ud800\ufffe\u202e\u2028b\t\n')).to.equal(
      'a\\u0000\\u001b\\u0085\\ud800\\ufffe\\u202e\\u2028b\t\n',
    );
    expect(visible('é 한 😀')).to.equal('é 한 😀');
  });

  it('escapes for HTML', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).to.equal('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
  });

  it('cuts and never halves a character', () => {
    expect(cut('abc', 3)).to.equal('abc');
    expect(cut('abcd', 3)).to.equal('abc … (1 more characters)');
    expect(cut('ab😀d', 3)).to.equal('ab … (3 more characters)');
  });

  it('writes durations and counts', () => {
    expect([0, 0.44, 12.4, 999.7, 1234, 59_996, 125_000].map(duration)).to.deep.equal([
      '0 ms',
      '0.4 ms',
      '12 ms',
      '1.00 s',
      '1.23 s',
      '1 min 0 s',
      '2 min 5 s',
    ]);
    expect([7, 999, 1000, 1234567].map(thousands)).to.deep.equal(['7', '999', '1,000', '1,234,567']);
  });
});
