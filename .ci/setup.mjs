// Installs and builds what is missing or out of date, so that each command of the README works on a bare clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = (...args) => {
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', args, options);
  if (status !== 0) process.exit(status ?? 1);
};
const time = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);
const newest = (path) => {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return full.endsWith('.ts') ? time(path) : 0;
  return Math.max(0, ...readdirSync(full).map((entry) => newest(join(path, entry))));
};

if (time('node_modules/.package-lock.json') < time('package-lock.json'))
  npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
const sources = Math.max(time('tsconfig.json'), ...['reference', 'conformance', 'reports'].map(newest));
if (time('dist/conformance/plan.js') < sources) npm('run', '--silent', 'build');
