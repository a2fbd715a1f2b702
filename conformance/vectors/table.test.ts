import { expect } from 'chai';
import type { CheckItem, Step } from '../plan.js';
import { compileText } from './index.js';
import { faultsOf, marked, vectorText } from './testing/texts.js';

function matchers(lines: string): unknown[] {
  const { vectors, faults } = compileText(vectorText(lines, 'http.t.{id}'), 'test.yaml');
  expect(faults).to.deep.equal([]);
  return vectors.flatMap(({ steps }) =>
    steps.flatMap((step: Step) => (step.op === 'check' ? step.items.map(({ matcher }: CheckItem) => matcher) : [])),
  );
}

describe('a table', () => {
  it('makes one vector of each row', () => {
    const text = vectorText(
      'each:\n  columns: [name, value]\n  rows: [[age, 1], [etag, 2]]\ndo: [check: { "http[{name}]": "{value}" }]',
      'http.t.{name}',
    );
    const { vectors } = compileText(text, 'test.yaml');
    expect(vectors.map(({ id }) => id)).to.deep.equal(['http.t.age', 'http.t.etag']);
    expect(vectors.map(({ steps }) => steps[0]?.text)).to.deep.equal(['check http[age]', 'check http[etag]']);
  });

  it('may be a list of maps', () => {
    expect(matchers('each: [{ id: a, v: 1 }, { id: b, v: x }]\ndo: [check: { http.x: "{v}" }]')).to.deep.equal([
      1,
      'x',
    ]);
  });

  it('puts a value in the place of a whole text with its type and tag, quoted or not', () => {
    const rows = '[[a, 1], [b, null], [c, "1"], [d, [1, 2]], [e, !undefined ], [f, !gt 5]]';
    const values = [1, null, '1', [1, 2], { $: 'undefined' }, { $: 'compare', gt: 5 }];
    expect(matchers(`each: { columns: [id, v], rows: ${rows} }\ndo: [check: { http.x: "{v}" }]`)).to.deep.equal(values);
    expect(matchers(`each: { columns: [id, v], rows: ${rows} }\ndo: [check: { http.x: {v} }]`)).to.deep.equal(values);
  });

  it('puts its wording inside a text', () => {
    const values = matchers(
      'each: { columns: [id, v], rows: [[a, 1], [b, 1.10], [c, null], [d, x]] }\ndo: [check: { http.x: "<{v}>" }]',
    );
    expect(values).to.deep.equal(['<1>', '<1.10>', '<null>', '<x>']);
  });

  it('puts a tagged value under the tag of the text', () => {
    const values = matchers(
      'each: { columns: [id, v], rows: [[a, 1], [b, !undefined ]] }\ndo: [check: { http.x: !not "{v}" }]',
    );
    expect(values).to.deep.equal([
      { $: 'not', matcher: 1 },
      { $: 'not', matcher: { $: 'undefined' } },
    ]);
  });

  it('leaves braces that are no column', () => {
    expect(matchers('each: [{ id: a }]\ndo: [check: { http.x: "{id} {other} {" }]')).to.deep.equal(['a {other} {']);
  });

  it('shows a fault of a value at the row', () => {
    const rows = 'each: { columns: [id, v], rows: [[a, !hex "00"], [b, ▸!hex "0"]] }';
    const { text, line, column } = marked(vectorText(`${rows}\ndo: [check: { http.x: "{v}" }]`, 'http.{id}'));
    expect(faultsOf(text)).to.have.length(1);
    expect(faultsOf(text)[0]).to.include({ line, column });
  });

  it('spells lists and maps in titles', () => {
    const text =
      '- id: http.a\n  covers: [http/x]\n  title: with {v}\n  each: [{ v: { a: [1] } }]\n  do: [check: { http.x: "{v}" }]\n';
    expect(compileText(text, 'test.yaml').vectors[0]?.title).to.equal('with { a: [1] }');
  });
});
