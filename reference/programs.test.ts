// Programs that people run, on the reference: each is a process of its own, started with `--import` of register. A program
// asserts what it sees, prints the names of its checks, and ends by itself.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = new URL('../../', import.meta.url);
const register = fileURLToPath(new URL('./register.js', import.meta.url));
const folder = new URL('reference/testing/programs/', root);

/** What the programs have in common, and what they start. */
const parts = new Set(['origin.mjs', 'serve.mjs', 'support.mjs', 'websockets.mjs']);

const programs = readdirSync(folder).filter((file) => !parts.has(file));

describe('programs on the reference', () => {
  for (const program of programs) {
    it(program, async () => {
      const child = await promisify(execFile)(
        process.execPath,
        ['--import', register, fileURLToPath(new URL(program, folder))],
        { timeout: 30_000, killSignal: 'SIGKILL' },
      ).catch(({ message, killed }) => {
        throw new Error(killed ? `${program} has not ended` : message);
      });
      expect(JSON.parse(child.stdout).checks).to.be.an('array').that.is.not.empty;
    }).timeout(40_000);
  }
});
