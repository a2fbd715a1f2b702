import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeFolder, plumbline, removeFolder } from './testing/command.js';

describe('arguments', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = makeFolder({ 'bad.yaml': '- id: a\n  verdict: failed\n  reason: r\n', 'a-file': '' });
  });
  after(() => removeFolder(folder));

  const wrong: [args: string, message: RegExp][] = [
    ['rum', /unknown command 'rum' \(Did you mean run\?\)/],
    ['run --jobs 0', /--jobs <n>.*at least 1/],
    ['run --repeat x', /--repeat <n>.*at least 1/],
    ['run --module x', /--module <name>.*http, http2/],
    ['run --filtr x', /unknown option '--filtr' \(Did you mean --filter\?\)/],
    ['run --format xml', /unknown format "xml": known are json, junit/],
    ['run --expectations none.yaml', /cannot read none\.yaml: no such file or directory/],
    ['run --expectations bad.yaml', /^bad\.yaml:2:12: unknown verdict "failed"/],
    ['run --vectors none', /no such folder: none/],
    ['run --vectors vectors --filter http.nothing', /no vector matches --filter http\.nothing/],
    ['run --vectors vectors --filter http.small', /did you mean "http\.small\.\*"\?/],
    ['run --vectors vectors --section none', /no vector matches --section none/],
    ['run --vectors vectors --out a-file/x', /cannot write to a-file\/x: not a directory/],
    ['run --vectors vectors --target hippo', /unknown target "hippo": known are node/],
    ['run --vectors vectors --target bun --no-install', /bun@[\d.]+ is not installed/],
    ['run --vectors vectors --http none.js', /no such file: none\.js/],
    ['vectors check --vectors vectors none.yaml', /no such file: none\.yaml/],
    ['vectors check --vectors vectors bad.yaml', /bad\.yaml is not in vectors/],
    [
      'vectors show --vectors vectors http.small.gett',
      /no vector has the id "http\.small\.gett": did you mean "http\.small\.get"\?/,
    ],
    ['vectors explain', /missing required argument 'id'/],
    ['vectors bundle --vectors vectors none/x.json', /cannot write none\/x\.json: no such file/],
    ['targets install hippo', /unknown target "hippo"/],
    ['targets install node', /node needs no installation/],
  ];

  for (const [args, message] of wrong)
    it(`refuses ${args} in one line`, async () => {
      const { status, stdout, stderr } = await plumbline(folder, ...args.split(' '));
      expect(stderr)
        .to.match(message)
        .and.match(/^[^\n]+\n$/);
      expect(stdout).to.equal('');
      expect(status).to.equal(2);
    });

  it('shows help with examples for each sub-command', async () => {
    const commands = ['', 'run', 'vectors', 'vectors check', 'vectors explain', 'targets', 'targets install'];
    for (const command of commands) {
      const { status, stdout } = await plumbline(folder, ...command.split(' ').filter(Boolean), '--help');
      expect(stdout)
        .to.match(/^Usage: plumbline/)
        .and.match(/Examples?:\n {2}plumbline /);
      expect(status).to.equal(0);
    }
  });

  it('tells what a file lacks, by line and column, instead of running', async () => {
    const other = makeFolder();
    writeFileSync(
      join(other, 'vectors/http/small.yaml'),
      '- id: http.small.x\n  covers: [http.small/rest]\n  titel: x\n',
    );
    const { status, stderr } = await plumbline(other, 'run', '--vectors', 'vectors');
    removeFolder(other);
    expect(stderr).to.match(/^vectors\/http\/small\.yaml:3:3: /m);
    expect(status).to.equal(2);
  });
});
