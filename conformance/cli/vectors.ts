/** `plumbline vectors`: checks, lists, shows, explains and bundles vectors. */
import { type Command, Option } from 'commander';
import type { Selection } from '../selection.js';
import { FAULT_STATUS } from './fault.js';
import { filterOption, vectorsOption } from './options.js';

const EXAMPLES = `
Examples:
  plumbline vectors check
  plumbline vectors check --vectors my-vectors my-vectors/http/agent.yaml
  plumbline vectors list --filter 'http.agent.*'
  plumbline vectors explain http.agent.max-sockets.queues-beyond-limit
  plumbline vectors bundle vectors.json`;

interface Folder {
  vectors: string;
}

/** Adds the sub-command. */
export function addVectors(plumbline: Command): void {
  const vectors = plumbline
    .command('vectors')
    .description('check, list, show, explain and bundle vectors')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string, example: string) =>
    vectors
      .command(name)
      .description(description)
      .addOption(vectorsOption())
      .addHelpText('after', `\nExample:\n  plumbline vectors ${example}`);

  add('check', 'say what is wrong with vector files, by line and column', 'check vectors/http/agent.yaml')
    .argument('[files...]', 'files of the folder; all when none is given')
    .action(check);
  add('list', 'list ids and titles', "list --section agentmaxsockets --filter '*.queues-*'")
    .addOption(filterOption())
    .option('--section <anchor>', "vectors of one section, by the documentation's anchor")
    .addOption(new Option('--module <name>', 'vectors of one module').choices(['http', 'http2']))
    .option('--json', 'as JSON')
    .action(listVectors);
  add('show', 'print what a vector compiles to', 'show http.agent.max-sockets.queues-beyond-limit')
    .argument('<id>')
    .action(show);
  add('explain', 'print what a vector checks, why, and how to run it', 'explain http.agent.get-name.family')
    .argument('<id>')
    .action(explain);
  add('bundle', 'write all vectors, compiled, to one JSON file', 'bundle vectors.json')
    .argument('<file>', '- for the standard output')
    .action(bundle);
}

async function check(files: string[], { vectors: root }: Folder): Promise<void> {
  const { compileFolder, compileWireFolder, chooseFiles } = await import('./catalogue.js');
  const { formatFault } = await import('../vectors/index.js');
  const { plan, faults } = compileFolder(root);
  const wire = compileWireFolder(root);
  const chosen = chooseFiles(root, files);
  const shown = [...faults, ...wire.faults].filter(({ file }) => chosen(file));
  if (shown.length > 0) {
    process.stdout.write(`${shown.map(formatFault).join('\n')}\n`);
    process.exitCode = FAULT_STATUS;
    return;
  }
  const { vectors, requirements } = plan;
  const onWire = wire.plan.vectors.length > 0 ? `${wire.plan.vectors.length} wire vectors, ` : '';
  process.stdout.write(`${vectors.length} vectors, ${onWire}${requirements.length} requirements, no faults\n`);
}

async function listVectors(flags: Folder & Selection & { json?: true }): Promise<void> {
  const { loadPlan } = await import('./catalogue.js');
  const { select } = await import('../selection.js');
  const selected = select(loadPlan(flags.vectors), flags);
  if (flags.json) {
    const items = selected.map(({ id, title, module, section, covers, file, line }) => {
      return { id, title, module, section, covers, file, line };
    });
    process.stdout.write(`${JSON.stringify(items, null, 2)}\n`);
    return;
  }
  process.stdout.write(selected.map(({ id, title }) => `${id}\n    ${title}\n`).join(''));
}

async function show(id: string, { vectors: root }: Folder): Promise<void> {
  const { loadPlan, find } = await import('./catalogue.js');
  process.stdout.write(`${JSON.stringify(find(loadPlan(root), id), null, 2)}\n`);
}

async function explain(id: string, { vectors: root }: Folder): Promise<void> {
  const { loadPlan, find } = await import('./catalogue.js');
  const { explanation } = await import('./explain.js');
  const plan = loadPlan(root);
  process.stdout.write(explanation(find(plan, id), plan, root));
}

async function bundle(file: string, { vectors: root }: Folder): Promise<void> {
  const { loadPlan } = await import('./catalogue.js');
  const { writeBundle } = await import('./bundle.js');
  writeBundle(loadPlan(root), file);
}
