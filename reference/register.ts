/**
 * `node --import http-plumbline/register app.js` runs a program on the reference: `http` and `http2`, with `node:` or
 * without, name it, for `require` and `import` alike, in the program and in its dependencies.
 *
 * `PLUMBLINE_HTTP` and `PLUMBLINE_HTTP2` name other modules to stand in: a path, resolved in the working directory, a
 * package that is installed there, or a URL (`node:http2` for what is there without).
 */
import nodeModule, { createRequire } from 'node:module';
import { isAbsolute, join, resolve as resolvePath } from 'node:path';
import { cwd, env } from 'node:process';
import { pathToFileURL } from 'node:url';
import { builtinName, initialize, resolve } from './register/resolve.js';

/** Exports of the modules that stand in, by the name of the builtin: where the modules of `import` find them. */
const standIns = Symbol.for('http-plumbline.stand-ins');

type Exports = Record<string, unknown>;

/** The part of `node:module` that CommonJS goes through, as `require` hooks of all kinds rely on. */
interface Loader {
  _load(this: unknown, request: string, ...rest: unknown[]): unknown;
}

async function load(): Promise<Record<string, Exports>> {
  const found: Record<string, Exports> = Object.create(null);
  for (const [builtin, given] of [
    ['http', env.PLUMBLINE_HTTP],
    ['http2', env.PLUMBLINE_HTTP2],
  ] as const) {
    const location = given ? locate(given) : new URL(`./${builtin}/index.js`, import.meta.url).href;
    const namespace = (await import(location)) as Exports;
    // What `require` gives is the default export, which programs may change, as they may that of Node.
    found[builtin] = (namespace.default as Exports | undefined) ?? namespace;
  }
  return found;
}

/** The URL of a module that was named from outside. */
function locate(name: string): string {
  if (isAbsolute(name) || name.startsWith('.')) return pathToFileURL(resolvePath(name)).href;
  if (URL.canParse(name)) return name;
  return pathToFileURL(createRequire(join(cwd(), 'noop.js')).resolve(name)).href;
}

/** A module that exports, by default and by name, what stands in for a builtin. */
function moduleUrl(builtin: string, exports: Exports): string {
  const names = Object.keys(exports).filter((name) => name !== 'default');
  const lines = [
    `const m = globalThis[Symbol.for(${JSON.stringify(standIns.description)})][${JSON.stringify(builtin)}];`,
    'export default m;',
    ...names.map((name, i) => `const x${i} = m[${JSON.stringify(name)}]; export { x${i} as ${JSON.stringify(name)} };`),
  ];
  return `data:text/javascript,${encodeURIComponent(lines.join('\n'))}`;
}

function replaceForRequire(found: Readonly<Record<string, Exports>>): void {
  const loader = nodeModule as unknown as Loader;
  const { _load } = loader;
  loader._load = function (request, ...rest) {
    return found[builtinName(request)] ?? _load.call(this, request, ...rest);
  };
}

function replaceForImport(found: Readonly<Record<string, Exports>>): void {
  const urls = Object.fromEntries(Object.entries(found).map(([name, exports]) => [name, moduleUrl(name, exports)]));
  Object.defineProperty(globalThis, standIns, { value: found, configurable: true });
  if (typeof nodeModule.registerHooks === 'function') {
    initialize(urls);
    nodeModule.registerHooks({ resolve });
  } else {
    nodeModule.register('./register/resolve.js', import.meta.url, { data: urls });
  }
}

const found = await load();
replaceForRequire(found);
replaceForImport(found);
