/** `plumbline targets`: what can be tested, and fetching it. */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  plumbline targets list
  plumbline targets install bun deno node@23.5.0 node@24

Runtimes are kept in .plumbline/targets (or $PLUMBLINE_CACHE/targets), in the version asked for. A major version stands for
its newest release, which the npm registry is asked for once a day.`;

/** Adds the sub-command. */
export function addTargets(plumbline: Command): void {
  const targets = plumbline
    .command('targets')
    .description('list implementations, install runtimes')
    .addHelpText('after', EXAMPLES);
  targets
    .command('list')
    .description('list what "run --target" takes, and what is installed')
    .addHelpText('after', '\nExample:\n  plumbline targets list')
    .action(listAll);
  targets
    .command('install')
    .description('install runtimes from the npm registry')
    .argument('<targets...>', 'node@X, node@X.Y.Z, bun, bun@X.Y.Z, deno, deno@X.Y.Z')
    .addHelpText('after', '\nExample:\n  plumbline targets install bun node@23.5.0')
    .action(installAll);
}

async function listAll(): Promise<void> {
  const { listTargets } = await import('../targets/index.js');
  const entries = listTargets();
  const width = Math.max(...entries.map(({ id }) => id.length));
  for (const { id, about, installed } of entries)
    process.stdout.write(`${id.padEnd(width)}  ${about}${installed ? '' : ' (installed when first used)'}\n`);
}

async function installAll(ids: string[]): Promise<void> {
  const { installTarget } = await import('../targets/index.js');
  for (const id of ids) {
    const executable = await installTarget(id, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${id}  ${executable}\n`);
  }
}
