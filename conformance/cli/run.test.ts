import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Results } from '../../reports/model.js';
import { PINNED, type Shipment, shipmentFor, thisMachine } from '../targets/runtimes.js';
import { makeFolder, plumbline, removeFolder, SMALL, start } from './testing/command.js';

const CALM = `
- id: http.small.calm
  covers: [http.small/rest]
  title: Nothing happens for a while
  settle: 5000
  do:
    - check: { http.METHODS: !contains GET }
`;

/** A module in place of node:http whose STATUS_CODES are right in every other process. */
const FICKLE = `
import { existsSync, rmSync, writeFileSync } from 'node:fs';
export * from 'node:http';
const mark = new URL('./mark', import.meta.url);
const wrong = existsSync(mark);
if (wrong) rmSync(mark);
else writeFileSync(mark, '');
export const STATUS_CODES = wrong ? {} : { 404: 'Not Found' };
`;

const WRONG = `export * from ${JSON.stringify('node:http')};\nexport const STATUS_CODES = {};\n`;

describe('plumbline run', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = makeFolder({ 'fickle.mjs': FICKLE, 'wrong.mjs': WRONG });
  });
  afterEach(() => removeFolder(folder));

  const run = (...args: string[]) => plumbline(folder, 'run', '--vectors', 'vectors', ...args);
  const report = (out = '.plumbline/report'): Results =>
    JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8'));

  it('passes against this Node, and says where the report is', async () => {
    const { status, stdout } = await run();
    expect(stdout).to.match(/^node \(node v?[\d.]+\): 4 vectors in [\d.]+ s\n {2}4 pass {2}0 fail\n/);
    expect(stdout).to.include('Report: .plumbline/report/report.html (beside it: results.json');
    expect(status).to.equal(0);
    expect(report().results.map(({ id }) => id)).to.have.members(SMALL);
    expect(report().command).to.equal('plumbline run --vectors vectors');
  });

  it('writes the formats asked for where it is told to', async () => {
    await run('--filter', 'http.small.status', '--out', 'there', '--format', 'md,json');
    expect(readdirSync(join(folder, 'there'))).to.have.members(['results.json', 'summary.md']);
    expect(report('there').results).to.have.length(1);
  });

  it('shows why a vector failed and how to see it again', async () => {
    const { status, stdout, stderr } = await run('--http', 'wrong.mjs');
    expect(status).to.equal(1);
    expect(stderr).to.match(/^fail http\.small\.status: /m);
    expect(stdout).to.match(/^FAIL http\.small\.status {2}\(http\/small\.yaml:\d+\)$/m);
    expect(stdout).to.include(
      'npx plumbline run --target node --http wrong.mjs --vectors vectors --filter http.small.status\n',
    );
    expect(stdout).to.match(/^wrong\.mjs \(node .*: 4 vectors .*\n {2}3 pass {2}1 fail$/m);
  });

  it('accepts known failures, and tells of entries to remove', async () => {
    const known = '- { id: http.small.status, verdict: fail, reason: known }\n';
    const expectations = makeFolder({
      'e.yaml': known,
      'more.yaml': `${known}- { id: "*.get", verdict: fail, reason: old }\n`,
    });
    const accepted = await run('--http', 'wrong.mjs', '--expectations', join(expectations, 'e.yaml'));
    expect(accepted.status).to.equal(0);
    expect(report().results.find(({ id }) => id === 'http.small.status')?.expected).to.include({ verdict: 'fail' });
    const surprised = await run('--http', 'wrong.mjs', '--expectations', join(expectations, 'more.yaml'));
    removeFolder(expectations);
    expect(surprised.stdout).to.match(/^BETTER http\.small\.get: pass, expected was fail/m);
    expect(surprised.status).to.equal(1);
  });

  it('says that repeated runs were the same', async () => {
    const { status, stdout } = await run('--repeat', '3', '--filter', 'http.small.*');
    expect(stdout).to.include('  3 runs, same verdicts\n');
    expect(status).to.equal(0);
  });

  it('names the vectors whose verdict changed from run to run', async () => {
    const { status, stdout } = await run('--repeat', '2', '--filter', '*.status', '--http', 'fickle.mjs');
    expect(stdout).to.match(/^CHANGED http\.small\.status: pass in run 1, fail in run 2$/m);
    expect(stdout).to.include('  2 runs, 1 changed\n');
    expect(status).to.equal(1);
  });

  it('tells in one line that a runtime does not start', async () => {
    const { package: name, executable } = shipmentFor('bun', thisMachine()) as Shipment;
    const path = join(folder, '.plumbline/targets', `bun@${PINNED.bun}`, 'node_modules', name, executable);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '#!/bin/sh\necho broken >&2; exit 3\n', { mode: 0o755 });
    const { status, stderr } = await run('--target', 'bun');
    expect(stderr).to.match(/^error: bun does not start: [^\n]*broken\n$/);
    expect(status).to.equal(2);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`writes what it has on ${signal}`, async () => {
      writeFileSync(join(folder, 'vectors/http/calm.yaml'), CALM);
      const child = start(folder, ['run', '--vectors', 'vectors', '--http', 'wrong.mjs']);
      // The failure of one vector says that the run is under way; the calm one then keeps it busy.
      child.stderr?.once('data', () => child.kill(signal));
      const { status, stdout } = await child.ended;
      expect(status).to.equal(130);
      expect(stdout).to.include('not all');
      expect(report().partial).to.equal(true);
      expect(report().results.map(({ id }) => id)).to.include('http.small.status');
    });

  it('fails nobody for the stub, and passes nothing', async () => {
    const { status } = await run('--target', 'stub');
    expect(status).to.equal(1);
    expect(report().summary).to.include({ pass: 0, error: 0, total: 4 });
  });
});
