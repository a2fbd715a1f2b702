// Programs that people run, on the reference: each is a process of its own, started with `--import` of register. A program
// asserts what it sees, prints the names of its checks, and ends by itself; or it prints why it cannot run here.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = new URL('../../', import.meta.url);
const register = fileURLToPath(new URL('./register.js', import.meta.url));
const folder = new URL('reference/testing/programs/', root);

/** What the programs have in common, and what they start. */
const parts = new Set(['greeter.mjs', 'origin.mjs', 'run.mjs', 'support.mjs', 'websockets.mjs']);

const programs = readdirSync(folder).filter((file) => !parts.has(file));

describe('programs on the reference', () => {
  for (const program of programs) {
    it(program, async function () {
      const child = await promisify(execFile)(
        process.execPath,
        ['--import', register, fileURLToPath(new URL(program, folder))],
        { timeout: 60_000, killSignal: 'SIGKILL' },
      ).catch(({ message, killed }) => {
        throw new Error(killed ? `${program} has not ended` : message);
      });
      const { checks, skipped } = JSON.parse(child.stdout);
      if (skipped !== undefined) {
        this.test!.title += ` (skipped: ${skipped})`;
        this.skip();
      }
      expect(checks).to.be.an('array').that.is.not.empty;
    }).timeout(70_000);
  }
});
