import { expect } from 'chai';
import type { TraceRow } from '../../reports/model.js';
import type { Line, Pattern, Seen } from '../plan.js';
import { judge } from './index.js';
import { renderTrace } from './render.js';
import { anyOrder, check, error, event, events, line, recording, saw, seq, vector } from './testing/build.js';

function rows(trace: Pattern, ...lines: Line[]): TraceRow[] {
  return judge(vector({ trace, steps: [check(3, { x: 1 })] }), recording([...lines, saw(99, 3, 1)])).trace ?? [];
}

/** `mark expected|actual` */
function brief(trace: Pattern, ...lines: Line[]): string[] {
  return rows(trace, ...lines).map(({ mark, expected = '', actual = '' }) => `${mark} ${expected}|${actual}`);
}

describe('trace rows', () => {
  it('mark the first divergence and show where the traces meet again', () => {
    expect(brief(seq('a', 'b', 'c', 'd'), ...events('a', 'c', 'd'))).to.deep.equal([
      'same a|a',
      'diverges b|',
      'same c|c',
      'same d|d',
    ]);
    expect(brief(seq('a', 'b'), ...events('a', 'x', 'b', 'y'))).to.deep.equal([
      'same a|a',
      'diverges |x',
      'same b|b',
      'unexpected |y',
    ]);
  });

  it('show a line in place of another in one row', () => {
    expect(brief(seq('a', 'b', 'c'), ...events('a', 'x', 'c'))).to.deep.equal(['same a|a', 'diverges b|x', 'same c|c']);
  });

  it('show an exchange as one line missing and unexpected later', () => {
    expect(brief(seq('req close', 'res error'), ...events('res error', 'req close'))).to.deep.equal([
      'diverges req close|',
      'same res error|res error',
      'unexpected |req close',
    ]);
  });

  it('show what is missing at the end, with how often', () => {
    const trace = seq('a', line('data', { min: 3, max: 3 }), 'end ?', 'close');
    expect(brief(trace, ...events('a', 'data'))).to.deep.equal([
      'same a|a',
      'same data x 3|data',
      'diverges data x 2|',
      'missing close|',
    ]);
  });

  it('take columns in the order in which they happened', () => {
    expect(brief(anyOrder(['a', 'b', 'c'], ['x', 'y']), ...events('x', 'a', 'c', 'y'))).to.deep.equal([
      'same x|x',
      'same a|a',
      'diverges b|',
      'same c|c',
      'same y|y',
    ]);
  });

  it('put the right label with the wrong data side by side', () => {
    const wanted = line('res error', { data: [{ message: 'aborted', code: 'ECONNRESET' }] });
    const bare: Seen = { $: 'object', class: 'IncomingMessage', classes: ['IncomingMessage'], props: {} };
    const actual = [
      event(1, 'req response', bare),
      event(2, 'res error', error('Error', 'EPIPE', 'x')),
      event(3, 'end'),
    ];
    expect(brief(seq('req response', wanted, 'end'), ...actual)).to.deep.equal([
      'same req response|req response',
      'diverges res error {message: "aborted", code: "ECONNRESET"}|res error Error {message: "x", code: "EPIPE"}',
      'same end|end',
    ]);
  });

  it('tell the second wrong line as missing and unexpected', () => {
    const one = line('n', { data: [1] });
    const two = line('n', { data: [2] });
    expect(
      brief(seq(one, 'a', two, 'b'), event(1, 'n', 8), event(2, 'a'), event(3, 'n', 9), event(4, 'b')),
    ).to.deep.equal(['diverges n 1|n 8', 'same a|a', 'missing n 2|', 'unexpected |n 9', 'same b|b']);
  });

  it('show failing checks where they were made', () => {
    const judgement = judge(
      vector({ trace: seq('a', 'b'), steps: [check(3, { x: 1 })] }),
      recording([event(1, 'a'), saw(2, 3, 5), event(3, 'b')]),
    );
    expect(judgement.trace).to.deep.equal([
      { t: 1, expected: 'a', actual: 'a', mark: 'same' },
      { t: 2, expected: 'check x: 1', actual: '5', mark: 'info' },
      { t: 3, expected: 'b', actual: 'b', mark: 'same' },
    ]);
  });

  it('show what happened where no trace is expected', () => {
    const judgement = judge(vector({ steps: [check(3, { x: 1 })] }), recording([...events('a'), saw(2, 3, 5)]));
    expect(judgement.trace?.map(({ mark, actual }) => `${mark} ${actual}`)).to.deep.equal(['info a', 'info 5']);
  });

  it('leave out what is far from the divergence', () => {
    const many = Array.from({ length: 1_000 }, () => 'data');
    const kept = rows(seq('data +', 'end'), ...events(...many));
    expect(kept).to.have.lengthOf(202);
    expect(kept[0]).to.deep.equal({ actual: '… 800 more rows', mark: 'info' });
    expect(kept.at(-1)).to.deep.equal({ expected: 'end', mark: 'diverges' });
  });

  it('come soon where nothing belongs', () => {
    const flood = Array.from({ length: 20_000 }, () => 'x');
    expect(rows(anyOrder(['a', 'b'], ['c']), ...events(...flood))).to.have.lengthOf(201);
  });
});

describe('renderTrace', () => {
  const trace: TraceRow[] = [
    { t: 3.4, expected: 'req response', actual: 'req response', mark: 'same' },
    { t: 12, expected: 'res aborted', actual: 'req close', mark: 'diverges' },
    { expected: 'res close', mark: 'missing' },
    { t: 14, actual: 'res end', mark: 'unexpected' },
    { t: 15, expected: 'check x: 1', actual: '2', mark: 'info' },
  ];

  it('sets both in columns, each row with its mark and time', () => {
    expect(renderTrace(trace).split('\n')).to.deep.equal([
      '          expected     | actual',
      '      3ms req response | req response',
      '>    12ms res aborted  | req close',
      '-         res close    |',
      '+    14ms              | res end',
      'i    15ms check x: 1   | 2',
    ]);
  });

  it('cuts lines to the width', () => {
    const long: TraceRow[] = [{ t: 1, expected: 'e'.repeat(300), actual: 'a'.repeat(300), mark: 'same' }];
    for (const width of [100, 60]) {
      const widths = renderTrace(long, width)
        .split('\n')
        .map((text) => text.length);
      expect(Math.max(...widths)).to.equal(width);
    }
    expect(renderTrace(long)).to.match(/e… \| a+…$/);
  });
});
