/**
 * Joins compiled ES modules into one script, since a page in a single file has nowhere to import from. It reads what
 * tsc writes for this room: named imports from relative files, and `export` in front of declarations.
 */

import { readFileSync } from 'node:fs';

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*'(\.[^']+)';$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|class) (\w+))/gm;

/** @param entry File URL of the module to start with. */
export function link(entry: URL): string {
  const names = new Map<string, string>();
  const scopes: string[] = [];

  const visit = (url: URL): string => {
    const known = names.get(url.href);
    if (known) return known;
    const exported: string[] = [];
    const body = readFileSync(url, 'utf8')
      .replace(IMPORT, (_, imported: string, from: string) => {
        return `const {${imported.replaceAll(' as ', ': ')}} = ${visit(new URL(from, url))};`;
      })
      .replace(EXPORT, (_, name: string) => {
        exported.push(name);
        return '';
      })
      .replace(/^export \{\s*\};$/m, '');
    const stray = /^(?:import|export)\b.*/m.exec(body);
    if (stray) throw new Error(`${url.pathname}: cannot be joined to the page's script: ${stray[0]}`);
    const name = `module${names.size}`;
    names.set(url.href, name);
    scopes.push(`const ${name} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();`);
    return name;
  };

  visit(entry);
  return scopes.join('\n');
}
