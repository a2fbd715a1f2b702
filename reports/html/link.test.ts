import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { expect } from 'chai';
import { link } from './link.js';

describe('joining modules', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-link-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): URL => {
    writeFileSync(join(folder, name), text);
    return pathToFileURL(join(folder, name));
  };

  it('runs each module once, before those that import it, in a scope of its own', () => {
    write('a.js', 'seen.push("a");\nconst x = 1;\nexport const one = x;\nexport function two() { return 2; }\n');
    write('b.js', "import { one as uno } from './a.js';\nconst x = uno + 10;\nexport { };\nseen.push('b' + x);\n");
    const entry = write(
      'c.js',
      "import { } from './b.js';\nimport { one, two } from './a.js';\nseen.push(one + two());\n",
    );
    const seen: unknown[] = [];
    vm.runInNewContext(link(entry), { seen });
    expect(seen).to.deep.equal(['a', 'b11', 3]);
  });

  it('refuses what it does not know', () => {
    const entry = write('d.js', "import fs from 'node:fs';\n");
    expect(() => link(entry)).to.throw("d.js: cannot be joined to the page's script: import fs");
  });
});
