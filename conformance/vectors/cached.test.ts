import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileCached } from './cached.js';

const VECTOR = (message: string) => `
- id: http.cached.one
  covers: [http.cached/one]
  title: One
  do:
    - http.validateHeaderName: [""]
      throws: { message: ${message} }
`;

describe('compileCached', () => {
  let root: string;
  let cache: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'plumbline-cached-'));
    cache = join(root, '.cache');
    mkdirSync(join(root, 'http'));
    mkdirSync(join(root, 'requirements'));
    writeFileSync(
      join(root, 'requirements', 'r.yaml'),
      '- { id: http.cached/one, section: s, kind: signature, says: One. }\n',
    );
    writeFileSync(join(root, 'http', 'v.yaml'), VECTOR('first'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('gives the same plan a second time', () => {
    const first = compileCached(root, cache);
    expect(first.faults).to.deep.equal([]);
    expect(readdirSync(cache)).to.have.length(1);
    expect(compileCached(root, cache)).to.deep.equal(first);
  });

  it('notices every change', () => {
    compileCached(root, cache);
    writeFileSync(join(root, 'http', 'v.yaml'), VECTOR('second'));
    const [vector] = compileCached(root, cache).plan.vectors;
    expect(vector?.steps[0]).to.have.nested.property('throws.message', 'second');
  });

  it('keeps no plan that has faults', () => {
    writeFileSync(join(root, 'http', 'v.yaml'), VECTOR('first').replace('throws', 'trows'));
    expect(compileCached(root, cache).faults).to.have.length.at.least(1);
    expect(compileCached(root, cache).faults).to.have.length.at.least(1);
  });

  it('does without a cache that cannot be written', () => {
    writeFileSync(join(root, 'occupied'), '');
    expect(compileCached(root, join(root, 'occupied')).faults).to.deep.equal([]);
  });
});
