import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

interface Report {
  stats: { passes: number; failures: number };
  passes: { title: string }[];
  failures: { title: string; err: { message: string; stack: string } }[];
}

const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const describeVectors = new URL('./mocha.js', import.meta.url).href;

/** Runs a user's suite as mocha would. */
function suite(options: string): Report {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-mocha-'));
  try {
    const file = join(folder, 'suite.mjs');
    const imports = `import http from 'node:http';\nimport { describeVectors } from ${JSON.stringify(describeVectors)};\n`;
    writeFileSync(file, `${imports}describeVectors(${options});\n`);
    const { stdout, stderr } = spawnSync(process.execPath, [mocha, '--reporter', 'json', '--exit', file], {
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('describeVectors', () => {
  it('makes one test a vector, which passes on this Node', () => {
    const { stats, passes } = suite(`{ http, filter: 'http.agent.get-name.*' }`);
    expect(stats.failures).to.equal(0);
    expect(stats.passes).to.be.at.least(5);
    expect(passes[0]?.title).to.match(/^http\.agent\.get-name\./);
  });

  it('fails with an assertion error that says what the vector saw', () => {
    const { failures } = suite(`{ http: { ...http, Agent: class { getName() {} } }, filter: 'http.agent.get-name.*' }`);
    expect(failures.length).to.be.at.least(1);
    expect(failures[0]?.err.stack).to.match(/^AssertionError/);
    expect(failures[0]?.err.message).to.match(/getName/);
  });
});
