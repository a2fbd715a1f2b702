import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const register = fileURLToPath(new URL('./register.js', import.meta.url));

/** Programs, by their path, that print what they find of http. */
const files = {
  'stand-in.mjs': "export default { request: 'stand-in', 'odd name': 1 }; export const only = 'namespace';",
  'namespace.mjs': "export const request = 'namespace';",
  'node_modules/stand-in/package.json': '{ "name": "stand-in", "main": "index.js" }',
  'node_modules/stand-in/index.js': "exports.request = 'package';",
  'node_modules/cjs-dep/package.json': '{ "name": "cjs-dep" }',
  'node_modules/cjs-dep/index.js': "exports.http = require('node:http'); exports.imported = import('http');",
  'node_modules/esm-dep/package.json': '{ "name": "esm-dep", "type": "module", "exports": "./index.js" }',
  'node_modules/esm-dep/index.js': "export { default as http } from 'http';",
  'main.cjs': `
    const http = require('http');
    const cjs = require('cjs-dep');
    (async () => {
      const esm = await import('esm-dep');
      const same = [require('node:http'), cjs.http, (await cjs.imported).default, esm.http].every((m) => m === http);
      console.log(JSON.stringify({ request: typeof http.request === 'function' ? 'own' : http.request, same }));
    })();`,
  'main.mjs': `
    import http, { request } from 'http';
    import * as namespace from 'node:http';
    import { createRequire } from 'node:module';
    import { http as esm } from 'esm-dep';
    import cjs from 'cjs-dep';
    const same = [namespace.default, createRequire(import.meta.url)('http'), esm, cjs.http].every((m) => m === http);
    console.log(JSON.stringify({ request: typeof request === 'function' ? 'own' : request, same }));`,
  'others.cjs': `
    const { ClientRequest } = require('node:http');
    require('node:http2');
    let missing;
    try { require('constructor'); } catch (error) { missing = error.code; }
    console.log(JSON.stringify({ net: typeof require('net').connect, https: typeof require('https').get, missing, ClientRequest }));`,
};

describe('register', () => {
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'plumbline-register-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  });
  after(() => rm(dir, { recursive: true }));

  const run = async (program: string, env: Record<string, string>) => {
    const child = await promisify(execFile)(process.execPath, ['--import', register, program], {
      cwd: dir,
      env: { ...process.env, ...env },
    });
    return JSON.parse(child.stdout);
  };

  for (const program of ['main.cjs', 'main.mjs']) {
    it(`gives one stand-in to all that require or import http, from ${program}`, async () => {
      expect(await run(program, { PLUMBLINE_HTTP: './stand-in.mjs' })).to.deep.equal({
        request: 'stand-in',
        same: true,
      });
    });
  }

  it('takes the namespace of a module without default export', async () => {
    expect(await run('main.mjs', { PLUMBLINE_HTTP: join(dir, 'namespace.mjs') })).to.include({ request: 'namespace' });
  });

  it('takes a package of the working directory', async () => {
    expect(await run('main.cjs', { PLUMBLINE_HTTP: 'stand-in' })).to.include({ request: 'package' });
  });

  it("takes a URL, and Node's own module", async () => {
    expect(await run('main.cjs', { PLUMBLINE_HTTP: 'node:http' })).to.include({ request: 'own' });
  });

  it('leaves other modules alone', async () => {
    expect(await run('others.cjs', { PLUMBLINE_HTTP: './stand-in.mjs' })).to.deep.equal({
      net: 'function',
      https: 'function',
      missing: 'MODULE_NOT_FOUND',
    });
  });

  it('gives the reference unless it is told otherwise', async () => {
    await writeFile(
      join(dir, 'default.cjs'),
      `const { getBuiltinModule } = process;
      const own = (name) => require(name) !== getBuiltinModule(name) && require(name).createServer.name;
      console.log(JSON.stringify([own('http'), own('http2')]));`,
    );
    expect(await run('default.cjs', {})).to.deep.equal(['createServer', 'createServer']);
  });

  it('replaces http2 when it is told by what', async () => {
    await writeFile(
      join(dir, 'two.mjs'),
      "import { request } from 'node:http2'; console.log(JSON.stringify(request));",
    );
    expect(await run('two.mjs', { PLUMBLINE_HTTP: 'node:http', PLUMBLINE_HTTP2: './stand-in.mjs' })).to.equal(
      'stand-in',
    );
  });
});
