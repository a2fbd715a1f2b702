import { expect } from 'chai';
import type { TraceRow } from '../model.js';
import { traceLines } from './plain.js';

const same = (label: string): TraceRow => ({ expected: label, actual: label, mark: 'same' });

describe('traces as text', () => {
  it('reads like a diff', () => {
    const rows: TraceRow[] = [
      same('a'),
      { expected: 'b', actual: 'c', mark: 'diverges' },
      { actual: 'd', mark: 'unexpected' },
      { expected: 'e', mark: 'missing' },
      { actual: 'f', mark: 'info' },
      { expected: 'check x: 1', actual: '2', mark: 'info' },
    ];
    expect(traceLines(rows)).to.deep.equal([
      '  a',
      '- b   <- diverges here',
      '+ c',
      '+ d',
      '- e',
      '  f',
      '! check x: 1, saw 2',
    ]);
  });

  it('keeps what surrounds the divergence of a long trace', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => same(`line ${index}`));
    rows[700] = { expected: 'x', actual: 'y', mark: 'diverges' };
    const lines = traceLines(rows);
    expect(lines[0]).to.equal('  … 600 earlier rows');
    expect(lines.at(-1)).to.equal('  … 200 later rows');
    expect(lines).to.include('- x   <- diverges here');
  });
});
