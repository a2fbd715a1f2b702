import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { compile, compileRequirements, formatFault } from './index.js';

const VECTORS = fileURLToPath(new URL('../../../vectors/', import.meta.url));

/** Requirements of these sections, a line each. */
function requirementsOf(...sections: string[]): string {
  return sections
    .map((section, i) => `- { id: http/r${i}, section: ${section}, kind: event, says: It happens. }\n`)
    .join('');
}

/** Headings with these anchors, a line each. */
function headingsOf(...anchors: string[]): { text: string; file: string } {
  const lines = anchors.map((anchor) => `- { anchor: ${anchor}, level: 2, heading: Some heading }\n`);
  return { text: lines.join(''), file: 'sections/http.yaml' };
}

function faults(requirements: string, headings?: { text: string; file: string }): string[] {
  return compileRequirements(requirements, 'requirements/http.yaml', headings).faults.map(formatFault);
}

describe('sections', () => {
  it('are read with module, anchor, heading and level', () => {
    const text = '- { anchor: event-close_1, level: 3, heading: "Event: \'close\'" }\n';
    const { sections } = compileRequirements('[]', 'r.yaml', { text, file: 'sections/http2.yaml' });
    expect(sections).to.deep.equal([{ module: 'http2', anchor: 'event-close_1', heading: "Event: 'close'", level: 3 }]);
  });

  it('must be those of the documentation', () => {
    expect(faults(requirementsOf('agentmaxsokets'), headingsOf('agentdestroy', 'agentmaxsockets'))).to.deep.equal([
      'requirements/http.yaml:1:27: unknown section "agentmaxsokets" of http: did you mean "agentmaxsockets"?',
    ]);
  });

  it('may be any where the headings of a module are not listed', () => {
    expect(faults(requirementsOf('b', 'a'))).to.deep.equal([]);
    expect(faults(requirementsOf('b', 'a'), { ...headingsOf('a'), file: 'sections/http2.yaml' })).to.deep.equal([]);
  });

  it('keep their order, and the fewest requirements are to be moved', () => {
    const headings = headingsOf('a', 'b', 'c', 'd');
    expect(faults(requirementsOf('a', 'a', 'c', 'd'), headings)).to.deep.equal([]);
    expect(faults(requirementsOf('a', 'd', 'b', 'c', 'd'), headings)).to.deep.equal([
      'requirements/http.yaml:2:27: out of order: in the documentation "d" comes after "b" (line 3), so move the requirement',
    ]);
    expect(faults(requirementsOf('b', 'c', 'a', 'd'), headings)).to.deep.equal([
      'requirements/http.yaml:3:27: out of order: in the documentation "a" comes before "b" (line 1), so move the requirement',
    ]);
  });

  it('are each listed once, whole', () => {
    const [twice, rest] = [headingsOf('a', 'a'), headingsOf('A b')];
    expect(faults('[]', twice)).to.deep.equal([
      'sections/http.yaml:2:13: the id "http#a" of a heading is taken: the first is at sections/http.yaml:1',
    ]);
    expect(faults('[]', rest)[0]).to.match(/^sections\/http\.yaml:1:13: expected the heading's anchor .*found "A b"$/);
    expect(faults('[]', { ...rest, text: '- { anchor: a, heading: x }' })).to.deep.equal([
      'sections/http.yaml:1:3: "level" is missing',
    ]);
  });
});

describe('the requirements of the documentation', () => {
  const { plan } = compile(VECTORS);
  const covered = new Set(plan.vectors.flatMap(({ covers }) => covers));

  it('are there for every heading', () => {
    const named = new Set(plan.requirements.map(({ module, section }) => `${module}#${section}`));
    const all = plan.sections.map(({ module, anchor }) => `${module}#${anchor}`);
    expect(all.filter((section) => !named.has(section))).to.deep.equal([]);
  });

  it('are each covered by a vector, or say why none can be', () => {
    const open = plan.requirements.filter(({ id, untestable }) => !covered.has(id) && untestable === undefined);
    expect(open.map(({ id }) => id)).to.deep.equal([]);
  });

  it('do not call testable untestable', () => {
    const both = plan.requirements.filter(({ id, untestable }) => covered.has(id) && untestable !== undefined);
    expect(both.map(({ id }) => id)).to.deep.equal([]);
  });

  for (const module of ['http', 'http2']) {
    it(`are testable, all but 2 in 100: ${module}`, () => {
      const own = plan.requirements.filter((requirement) => requirement.module === module);
      const untestable = own.filter((requirement) => requirement.untestable !== undefined);
      expect(untestable.length / own.length).to.be.below(0.02);
    });
  }
});
