import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { makeFolder, plumbline, removeFolder, SMALL } from './testing/command.js';

describe('plumbline vectors', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    const unsound = '- id: http.unsound.x\n  covers: [http.small/none]\n  titel: x\n';
    folder = makeFolder({
      'unsound/requirements/x.yaml': '[]\n',
      'unsound/http/x.yaml': unsound,
      'unsound/http/y.yaml': '[]\n',
    });
  });
  after(() => removeFolder(folder));

  it('checks', async () => {
    const { status, stdout } = await plumbline(folder, 'vectors', 'check', '--vectors', 'vectors');
    expect(stdout).to.equal('4 vectors, 3 requirements, no faults\n');
    expect(status).to.equal(0);
  });

  it('prints every fault with its place, or those of the files asked for', async () => {
    const all = await plumbline(folder, 'vectors', 'check', '--vectors', 'unsound');
    const lines = all.stdout.trim().split('\n');
    expect(lines.length).to.be.at.least(2);
    for (const line of lines) expect(line).to.match(/^unsound\/\S+\.yaml:\d+:\d+: \S/);
    expect(all.status).to.equal(2);
    const some = await plumbline(folder, 'vectors', 'check', '--vectors', 'unsound', 'unsound/http/y.yaml');
    expect(some.stdout).not.to.include('x.yaml');
  });

  it('lists', async () => {
    const { stdout } = await plumbline(folder, 'vectors', 'list', '--vectors', 'vectors', '--filter', 'http2.*');
    expect(stdout).to.equal('http2.small.settings\n    One setting takes six bytes\n');
    const json = await plumbline(folder, 'vectors', 'list', '--vectors', 'vectors', '--json');
    const items = JSON.parse(json.stdout) as { id: string; section: string }[];
    expect(items.map(({ id }) => id)).to.have.members(SMALL);
    expect(items.find(({ id }) => id === 'http.small.get')?.section).to.equal('httpgeturl-options-callback');
  });

  it('shows what a vector compiles to', async () => {
    const { stdout } = await plumbline(folder, 'vectors', 'show', '--vectors', 'vectors', 'http.small.status');
    expect(JSON.parse(stdout)).to.include({ id: 'http.small.status', module: 'http', line: 34 });
  });

  it('explains a vector by its requirement, section, text and command', async () => {
    const { stdout } = await plumbline(folder, 'vectors', 'explain', '--vectors', 'vectors', 'http.small.status');
    expect(stdout).to.include('There is more than requests.');
    expect(stdout).to.include('/http.html#httpstatus_codes');
    expect(stdout).to.include('Vector (vectors/http/small.yaml:34)\n  - id: http.small.status\n');
    expect(stdout).to.include('    - check: { "http.STATUS_CODES[404]": Not Found }\n');
    expect(stdout).to.include('npx plumbline run --target node --vectors vectors --filter http.small.status\n');
  });

  it('bundles all vectors with their schema', async () => {
    const { status, stdout } = await plumbline(folder, 'vectors', 'bundle', '--vectors', 'vectors', 'all.json');
    expect(stdout).to.match(/^4 vectors in all\.json/);
    expect(status).to.equal(0);
    const bundle = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
    expect(bundle.vectors).to.have.length(4);
    const schema = JSON.parse(readFileSync(join(folder, 'plan.schema.json'), 'utf8'));
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validate(schema, bundle), ajv.errorsText()).to.equal(true);
    const printed = await plumbline(folder, 'vectors', 'bundle', '--vectors', 'vectors', '-');
    expect(JSON.parse(printed.stdout).vectors).to.have.length(4);
  });
});
