import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { compile, formatFault } from './index.js';
import { vectorText } from './testing/texts.js';

const VECTORS = fileURLToPath(new URL('../../../vectors/', import.meta.url));

describe('compiling a root', () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  beforeEach(() => {
    root = join(mkdtempSync(join(tmpdir(), 'plumbline-vectors-')), 'vectors');
    write('requirements/http.yaml', '- { id: http/x, section: agent, kind: event, says: It happens., since: v18.1 }\n');
    write('sections/http.yaml', '- { anchor: agent, level: 2, heading: "Class: http.Agent" }\n');
  });
  afterEach(() => rmSync(dirname(root), { recursive: true }));

  it('reads requirements, vectors and fixtures', () => {
    write('http/agent.yaml', vectorText('since: [19.5, v18.14.0]\nuntil: 24\ndo: [check: { http.x: !fixture a.txt }]'));
    write('fixtures/a.txt', 'hello');
    write('fixtures/no.yaml', '?');
    writeFileSync(join(root, '..', 'package.json'), '{"version":"1.2.3"}');
    const { plan, faults } = compile(root);
    expect(faults).to.deep.equal([]);
    expect(plan.version).to.equal('1.2.3');
    expect(plan.sections).to.deep.equal([{ module: 'http', anchor: 'agent', heading: 'Class: http.Agent', level: 2 }]);
    expect(plan.requirements).to.deep.equal([
      {
        id: 'http/x',
        module: 'http',
        section: 'agent',
        kind: 'event',
        says: 'It happens.',
        since: '18.1.0',
        file: 'requirements/http.yaml',
        line: 1,
      },
    ]);
    expect(plan.vectors[0]).to.deep.include({
      id: 'http.test',
      module: 'http',
      section: 'agent',
      file: 'http/agent.yaml',
      line: 1,
      since: ['19.5.0', '18.14.0'],
      until: ['24.0.0'],
      timeout: 10_000,
      settle: 20,
      exclusive: false,
    });
    expect(plan.vectors[0]?.steps[0]).to.have.nested.property('items[0].matcher', 'hello');
  });

  it('lists the faults of all files', () => {
    write('http/agent.yaml', '- id: [\n');
    write('http2/a.yaml', vectorText('do: [check: { htp.x: 1 }]', 'http2.a'));
    expect(compile(root).faults.map(({ file }) => file)).to.deep.equal(['http/agent.yaml', 'http2/a.yaml']);
    expect(formatFault(compile(root).faults[1]!)).to.equal(
      'http2/a.yaml:4:17: nothing binds "htp": did you mean "http"?',
    );
  });

  it('says nothing is missing where a file could not be read', () => {
    write('requirements/http.yaml', '- id: [\n');
    write('http/agent.yaml', vectorText('depends: [http.other]\ndo: [check: { http.x: 1 }]'));
    expect(compile(root).faults.map(({ file }) => file)).to.deep.equal(['requirements/http.yaml']);
  });

  it('may leave requirements unchecked', () => {
    write('http/agent.yaml', vectorText('do: [check: { http.x: 1 }]').replace('http/x', 'http/y'));
    expect(compile(root).faults[0]?.message).to.match(/unknown requirement/);
    expect(compile(root, { requirements: false }).faults).to.deep.equal([]);
  });
});

describe('the schemas', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(VECTORS, 'schema', `${name}.schema.json`), 'utf8')) as object;
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    formats: { 'date-time': true },
  });

  for (const name of ['vectors', 'requirements', 'sections', 'results']) {
    it(`are valid: ${name}`, () => {
      ajv.compile(read(name));
    });
  }

  it('describe every plan that the compiler makes', () => {
    const validate = ajv.compile(read('plan'));
    const { plan } = compile(join(VECTORS), { requirements: false });
    validate(plan);
    expect(validate.errors ?? []).to.deep.equal([]);
  });
});
