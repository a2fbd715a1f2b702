import { expect } from 'chai';
import type { Pattern } from '../plan.js';
import { only, vectorText } from './testing/texts.js';

const STEPS = `
do:
  - req = http.get: [x, !callback got]
  - note: { sent: req.headersSent }`;
const WATCH = `watch: { req: [socket, "response(res, extra)", close], res: [data, end] }`;

function items(trace: string): Pattern[] {
  const { trace: pattern } = only(vectorText(`${WATCH}${STEPS}\ntrace:\n${trace}`));
  return pattern?.p === 'seq' ? pattern.items : [];
}

describe('a line of the trace', () => {
  const times: [string, number, number | null][] = [
    ['res data', 1, 1],
    ['res data +', 1, null],
    ['res data *', 0, null],
    ['res data ?', 0, 1],
    ['res data x 3', 3, 3],
  ];
  for (const [text, min, max] of times) {
    it(`happens so often: ${text}`, () => {
      expect(items(`- req close\n- ${text}`)[1]).to.deep.include({ label: 'res data', min, max, line: 10 });
    });
  }

  it('has its first argument, or all of them', () => {
    const [first, all, one] = items('- got(): { statusCode: 200 }\n- got(): [1, !any ]\n- res data +: !unordered [1]');
    expect(first).to.deep.include({ label: 'got()', data: [{ statusCode: 200 }] });
    expect(all).to.deep.include({ data: [1, { $: 'any' }] });
    expect(one).to.deep.include({ label: 'res data', data: [{ $: 'unordered', items: [1] }], max: null });
  });

  it('has a time window', () => {
    const [line] = items('- { event: req close, after: 90ms, before: 1.5s, since: req socket, with: x }');
    expect(line).to.deep.include({ label: 'req close', after: 90, before: 1500, since: 'req socket', data: ['x'] });
  });

  it('may be in columns that interleave, at any depth', () => {
    const [columns] = items('- any-order:\n  - [req close]\n  - [res data, any-order: [[res end], [note]]]');
    expect(columns).to.have.property('p', 'any-order');
    expect(JSON.stringify(columns).match(/"label":"[^"]+"/g)).to.have.length(4);
  });
});

describe('what is watched', () => {
  it('is observed with what the trace compares, and binds arguments', () => {
    const vector = only(
      vectorText(
        `${WATCH}${STEPS}\ntrace:\n- got(): { a: 1 }\n- req response: { b: 1 }\n- req response: { c: 1 }\n- note: { sent: { d: 1 } }`,
      ),
    );
    expect(vector.observe[0]?.events[1]).to.deep.equal({
      event: 'response',
      traced: true,
      bind: ['res', 'extra'],
      shapes: [{ b: true, c: true }],
    });
    expect(vector.steps[0]).to.deep.nested.include({
      'args[1]': { $: 'callback', name: 'got', shapes: [{ a: true }] },
    });
    expect(vector.steps[1]).to.have.deep.nested.property('items[0].shape', { d: true });
    expect(vector.expects).to.deep.equal({ 'got()': 1, 'req response': 2, note: 1 });
  });

  it('is observed without a line where only waits need it', () => {
    const vector = only(
      vectorText(`
peer: { http1-server: [accept, wait: req socket, receive: request] }
do:
  - req = http.get: [x]
  - wait: [req close x 2, peer done]`),
    );
    expect(vector.observe).to.deep.equal([
      {
        name: 'req',
        events: [
          { event: 'close', traced: false, shapes: [] },
          { event: 'socket', traced: false, shapes: [] },
        ],
      },
    ]);
    expect(vector.signals).to.deep.equal(['req socket']);
    expect(vector.steps[1]).to.deep.include({
      op: 'wait',
      labels: [
        { label: 'req close', count: 2 },
        { label: 'peer done', count: 1 },
      ],
    });
  });
});
