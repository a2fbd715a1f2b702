// Runs the vectors on this machine's Node, then on the reference, each with a report of its own. Arguments are those of
// `plumbline run`; the exit status is the worse of the two.
import { spawnSync } from 'node:child_process';

const INTERRUPTED = 130;

// The run that it also reaches ends in order, and writes what there is.
process.on('SIGINT', () => {});

for (const target of ['node', 'reference']) {
  const options = ['--target', target, '--out', `reports/out/${target}`, ...process.argv.slice(2)];
  const run = spawnSync(process.execPath, ['dist/conformance/cli/main.js', 'run', ...options], { stdio: 'inherit' });
  const status = run.status ?? INTERRUPTED;
  process.exitCode = Math.max(status, process.exitCode ?? 0);
  if (status === INTERRUPTED) break;
}
