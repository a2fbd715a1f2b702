import { expect } from 'chai';
import type { TraceRow } from '../../model.js';
import { layout } from './lanes.js';

const row = (t: number, actual: string): TraceRow => ({ t, actual, mark: 'same' });

describe('lanes', () => {
  it('has a lane for each object, callback and note', () => {
    const { names, events } = layout([
      row(1, 'req socket'),
      row(2, 'res data: Buffer "req close"'),
      row(3, 'written(): undefined'),
      row(4, 'note: { sent: true }'),
      row(5, 'req close'),
      { t: 6, expected: 'check res.complete: false', actual: 'true', mark: 'info' },
    ]);
    expect(names).to.deep.equal(['req', 'res', 'written()', 'note', 'failed']);
    expect(events.map(({ lane, label }) => [lane, label])).to.deep.equal([
      [0, 'socket'],
      [1, 'data'],
      [2, 'called'],
      [3, '{ sent: true }'],
      [0, 'close'],
      [4, 'res.complete'],
    ]);
  });

  it('leaves out what did not happen', () => {
    expect(layout([{ expected: 'req close', mark: 'missing' }]).events).to.deep.equal([]);
  });

  it('keeps the order and gives labels of one lane room', () => {
    const { events } = layout([row(0, 'req information'), row(0, 'res data'), row(0, 'req close')]);
    const [first, second, third] = events.map(({ x }) => x) as [number, number, number];
    expect(second).to.be.above(first);
    expect(third - first).to.be.above('information'.length * 6);
  });

  it('draws of a long trace what surrounds the divergence', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => row(index, 'a b'));
    rows[900] = { t: 900, actual: 'a c', mark: 'diverges' };
    const { events, left } = layout(rows);
    expect([events.length, left]).to.deep.equal([300, 700]);
    expect(events.some(({ mark }) => mark === 'diverges')).to.equal(true);
  });

  it('shortens long silences and says so', () => {
    const { events, gaps } = layout([row(0, 'a b'), row(5000, 'a c')]);
    expect(events[1]!.x).to.be.below(200);
    expect(gaps.map(({ label }) => label)).to.deep.equal(['5.00 s']);
  });
});
