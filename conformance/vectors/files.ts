/** The files of a vectors' root. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Folders of a root without vectors of the modules; those of the wire suites are compiled by themselves. */
const NO_VECTORS = new Set(['fixtures', 'schema', 'wire', 'node_modules']);

/** Paths relative to the root, with slashes, sorted. */
export function yamlFiles(root: string, folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.name.startsWith('.') || (folder === '' && NO_VECTORS.has(entry.name))) return [];
      if (entry.isDirectory()) return yamlFiles(root, path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** Reads `fixtures/`, each file once. */
export function fixturesOf(root: string): { fixture(name: string): Uint8Array | undefined; fixtureNames(): string[] } {
  const folder = join(root, 'fixtures');
  const read = new Map<string, Uint8Array | undefined>();
  const names = () => (existsSync(folder) ? readdirSync(folder) : []);
  return {
    fixtureNames: names,
    fixture(name) {
      if (!read.has(name)) read.set(name, names().includes(name) ? readFileSync(join(folder, name)) : undefined);
      return read.get(name);
    },
  };
}

/** Version of the suite: that of the package the root belongs to. */
export function suiteVersion(root: string): string {
  const file = join(root, '..', 'package.json');
  if (!existsSync(file)) return '0.0.0';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? '0.0.0';
}
