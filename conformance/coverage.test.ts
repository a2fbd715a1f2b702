import { expect } from 'chai';
import { coverage, coverageCounts, documentation } from './coverage.js';
import type { Plan, Requirement, Section, Vector } from './plan.js';

const sections = [
  { module: 'http', anchor: 'http', heading: 'HTTP', level: 1 },
  { module: 'http', anchor: 'event-close', heading: "Event: 'close'", level: 3 },
  { module: 'http2', anchor: 'event-close', heading: "Event: 'close'", level: 4 },
] satisfies Section[];

const requirement = (id: string, section: string, untestable?: string) =>
  ({
    ...{ id, module: id.split('/')[0]!, section, kind: 'event', says: `${id}.`, file: 'r.yaml', line: 1 },
    ...(untestable === undefined ? {} : { untestable }),
  }) satisfies Requirement;

const vector = (id: string, ...covers: string[]) => ({ id, covers }) as Vector;
const disputed = { ...vector('http.b', 'http/once', 'http2/once'), disputed: { why: '' } } as Vector;

const plan: Plan = {
  format: 1,
  version: '0',
  sections,
  requirements: [
    requirement('http/once', 'event-close'),
    requirement('http/secret', 'event-close', 'nobody sees it'),
    requirement('http/open', 'event-close'),
    requirement('http2/once', 'event-close'),
    requirement('http2/elsewhere', 'unlisted'),
  ],
  vectors: [vector('http.a', 'http/once'), disputed, vector('http2.a', 'http2/elsewhere')],
};

describe('coverage', () => {
  it('follows the documentation, module by module', () => {
    expect(coverage(plan).map(({ module, anchor }) => `${module}#${anchor}`)).to.deep.equal([
      'http#http',
      'http#event-close',
      'http2#event-close',
      'http2#unlisted',
    ]);
  });

  it('counts requirements, and vectors once', () => {
    const [, close] = coverage(plan);
    expect(coverageCounts([close!])).to.deep.equal({
      requirements: 3,
      covered: 1,
      uncovered: 1,
      untestable: 1,
      disputed: 1,
      vectors: 2,
    });
    expect(coverageCounts(coverage(plan))).to.include({ requirements: 5, covered: 3, vectors: 3, disputed: 2 });
  });

  it('is told with results: all of it, or the sections that a part is about', () => {
    expect(documentation(plan, plan.vectors)).to.have.length(4);
    expect(documentation(plan, [plan.vectors[0]!])).to.deep.equal([
      {
        ...sections[1],
        requirements: [
          { id: 'http/once', says: 'http/once.', vectors: 2, disputed: 1 },
          { id: 'http/secret', says: 'http/secret.', vectors: 0, disputed: 0, untestable: 'nobody sees it' },
          { id: 'http/open', says: 'http/open.', vectors: 0, disputed: 0 },
        ],
      },
    ]);
  });
});
