import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Results, Verdict } from '../../../reports/model.js';
import { makeFolder, plumbline, removeFolder } from '../../cli/testing/command.js';

type Verdicts = { [id: string]: Verdict };

const sound: Verdicts = {
  'http.small.get': 'pass',
  'http.small.server': 'pass',
  'http.small.status': 'pass',
  'http2.small.settings': 'pass',
};
const unloadable: Verdicts = {
  'http.small.get': 'crash',
  'http.small.server': 'crash',
  'http.small.status': 'crash',
  'http2.small.settings': 'pass',
};

/** A faulty module, the verdicts that differ from those of a sound one, and what the reasons say. */
const FAULTY: [module: string, verdicts: Verdicts, reason: RegExp][] = [
  ['throws-at-import', unloadable, /this module cannot be loaded/],
  ['exits-at-import', unloadable, /exited with status 7/],
  ['exits', { 'http.small.server': 'crash' }, /exited with status 0/],
  ['hangs', { 'http.small.get': 'timeout' }, /stood still/],
  ['floods', { 'http.small.get': 'crash' }, /printed more than/],
  ['uncaught', { 'http.small.get': 'crash' }, /thrown a tick late/],
  ['rejects', { 'http.small.get': 'crash' }, /rejected and left/],
  ['reorders', { 'http.small.get': 'fail' }, /close/],
  ['impersonates', {}, /^$/],
  ['leaks', {}, /^$/],
];

describe('faulty implementations', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = makeFolder();
  });
  after(() => removeFolder(folder));

  for (const [name, verdicts, reason] of FAULTY)
    it(`costs the vectors that meet the fault, and no others: ${name}`, async () => {
      const module = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
      const args = ['run', '--vectors', 'vectors', '--http', module, '--out', name, '--format', 'json'];
      const { status, stderr } = await plumbline(folder, ...args);
      const { results } = JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8')) as Results;
      const seen = Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
      expect(seen, stderr).to.deep.equal({ ...sound, ...verdicts });
      for (const result of results) if (result.verdict !== 'pass') expect(result.reason).to.match(reason);
      expect(status).to.equal(Object.keys(verdicts).length > 0 ? 1 : 0);
    });
});
