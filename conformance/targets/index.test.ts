import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { installTarget, listTargets, resolveTarget, TargetFault } from './index.js';
import { executableOf, explainNpm } from './install.js';

const bun = { id: 'bun@1.4.5', name: 'bun', version: '1.4.5' } as const;
const quiet = { install: false, log() {} };

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(TargetFault);
  const { message } = error as TargetFault;
  expect(message).not.to.include('\n');
  return message;
}

describe('targets', () => {
  let folder: string;
  const { PLUMBLINE_CACHE, PATH } = process.env;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-targets-'));
    process.env.PLUMBLINE_CACHE = folder;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (PLUMBLINE_CACHE === undefined) delete process.env.PLUMBLINE_CACHE;
    else process.env.PLUMBLINE_CACHE = PLUMBLINE_CACHE;
    process.env.PATH = PATH;
  });

  /** Puts a program into the cache as if it had been installed. */
  function pretend(release: Parameters<typeof executableOf>[0]): string {
    const path = executableOf(release);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    return path;
  }

  /** Puts a program named npm first on the PATH; `"$3"` is the prefix it is to install into. */
  function npmThat(script: string): void {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'npm'), 0o755);
    process.env.PATH = `${bin}${delimiter}${PATH}`;
  }

  it('resolves node to this Node and its own modules', async () => {
    expect(await resolveTarget('node', quiet)).to.deep.equal({
      id: 'node',
      command: [process.execPath],
      modules: { http: 'node:http', http2: 'node:http2' },
    });
  });

  it('resolves stub to modules that exist', async () => {
    const { modules } = await resolveTarget('stub', quiet);
    expect(existsSync(new URL(modules.http))).to.equal(true);
    expect(existsSync(new URL(modules.http2))).to.equal(true);
  });

  it('leaves the module that was not given to the runtime', async () => {
    const file = join(folder, 'mine.js');
    writeFileSync(file, '');
    const launch = await resolveTarget('node', { ...quiet, http2: file });
    expect(launch.id).to.equal('mine.js');
    expect(launch.modules).to.deep.equal({ http: 'node:http', http2: pathToFileURL(file).href });
  });

  it('takes bun and deno from the cache, at the pinned version', async () => {
    const executable = pretend(bun);
    expect((await resolveTarget('bun', quiet)).command[0]).to.equal(executable);
    expect((await resolveTarget('bun@v1.4.5', quiet)).command[0]).to.equal(executable);
    const deno = pretend({ id: 'deno@2.9.6', name: 'deno', version: '2.9.6' });
    expect((await resolveTarget('deno', quiet)).command.slice(0, 3)).to.deep.equal([deno, 'run', '-A']);
  });

  it('says in one line what is wrong', async () => {
    expect(await faultOf(resolveTarget('hippo', quiet))).to.match(/^unknown target "hippo": known are node, .*stub$/);
    expect(await faultOf(resolveTarget('node@20.1', quiet))).to.match(
      /whole version, such as node@23\.5\.0, or a major/,
    );
    expect(await faultOf(resolveTarget('node@20', quiet))).to.match(/^no node@20 is installed: run "plumbline targets/);
    expect(await faultOf(resolveTarget('bun@../../x', quiet))).to.match(/whole version/);
    expect(await faultOf(resolveTarget('bun', quiet))).to.match(/not installed: run "plumbline targets install bun@/);
    expect(await faultOf(resolveTarget('node', { ...quiet, http: 'no/such.js' }))).to.match(/no such file: no/);
    expect(await faultOf(resolveTarget('node', { ...quiet, http: folder }))).to.match(/^not a file/);
    expect(await faultOf(resolveTarget('stub', { ...quiet, http: 'x.js' }))).to.match(/leave out --http/);
    expect(await faultOf(installTarget('stub', () => {}))).to.match(/needs no installation/);
  });

  it('lists what is built in, pinned and installed', () => {
    pretend(bun);
    pretend({ id: 'node@23.5.0', name: 'node', version: '23.5.0' });
    mkdirSync(join(folder, 'targets', 'node@1.2.3'));
    const installed = Object.fromEntries(listTargets().map((entry) => [entry.id, entry.installed]));
    expect(installed).to.deep.equal({
      node: true,
      reference: true,
      stub: true,
      bun: true,
      deno: false,
      'node@23.5.0': true,
    });
  });

  it('installs once, whoever is first', async () => {
    const path = executableOf(bun).slice(join(folder, 'targets', bun.id).length);
    npmThat(`f="$3${path}"; mkdir -p "\${f%/*}"; printf '#!/bin/sh\\necho 1.4.5' > "$f"; chmod +x "$f"`);
    const options = { install: true, log() {} };
    const launches = await Promise.all([resolveTarget('bun', options), resolveTarget('bun', options)]);
    expect(launches[0]?.command).to.deep.equal(launches[1]?.command);
    expect(readdirSync(join(folder, 'targets'))).to.deep.equal([bun.id]);
  });

  describe('of a major version', () => {
    const node = (version: string) => ({ id: `node@${version}`, name: 'node', version }) as const;
    const resolve = async (install: boolean): Promise<{ command: string | undefined; lines: string[] }> => {
      const lines: string[] = [];
      const launch = await resolveTarget('node@22', { install, log: (line) => lines.push(line) });
      expect(launch.id).to.equal('node@22');
      return { command: launch.command[0], lines };
    };

    it('take the newest that the registry has, and ask once a day', async () => {
      npmThat(`echo "$*" >> "${folder}/asked"; echo '["22.9.0","22.10.1","22.10.0","22.11.0-rc.1"]'`);
      const newest = pretend(node('22.10.1'));
      expect(await resolve(true)).to.deep.equal({ command: newest, lines: ['node@22 is 22.10.1'] });
      expect((await resolve(true)).command).to.equal(newest);
      expect(readFileSync(join(folder, 'asked'), 'utf8')).to.match(/^view \S+@22 version --json.*\n$/);
    });

    it('take the newest that is installed where the registry is not asked or does not answer', async () => {
      npmThat('echo "npm error code ENOTFOUND" >&2; exit 1');
      for (const version of ['22.9.0', '22.10.0', '2.99.0']) pretend(node(version));
      const newest = executableOf(node('22.10.0'));
      expect(await resolve(false)).to.deep.equal({ command: newest, lines: ['node@22 is 22.10.0'] });
      const { command, lines } = await resolve(true);
      expect([command, lines.length]).to.deep.equal([newest, 2]);
      expect(lines[0]).to.match(/cannot be reached \(ENOTFOUND\); taking what is installed$/);
    });
  });

  it('leaves nothing behind when an install fails', async () => {
    npmThat('echo "npm error code ETARGET" >&2; exit 1');
    expect(await faultOf(installTarget('bun@9.9.9', () => {}))).to.match(/^bun@9\.9\.9 does not exist/);
    expect(readdirSync(join(folder, 'targets'))).to.deep.equal([]);
  });

  it('does not accept a binary that does not start', async () => {
    const path = executableOf(bun).slice(join(folder, 'targets', bun.id).length);
    npmThat(`f="$3${path}"; mkdir -p "\${f%/*}"; printf '#!/bin/sh\\nexit 132' > "$f"; chmod +x "$f"`);
    expect(await faultOf(installTarget('bun', () => {}))).to.match(/installed but does not start/);
  });

  it('makes one line of what npm prints', () => {
    const explain = (stderr: string) => explainNpm({ code: 1, stderr, message: 'Command failed' }, 'x@1.4.5', bun);
    expect(explain('npm error code ENOTFOUND\nnpm error syscall getaddrinfo')).to.match(
      /cannot be reached \(ENOTFOUND\)/,
    );
    expect(explain('npm error code EACCES\nnpm error mkdir: permission denied')).to.equal(
      'cannot install bun@1.4.5: EACCES: mkdir: permission denied',
    );
    expect(explainNpm({ code: 'ENOENT', message: 'spawn npm ENOENT' }, 'x@1', bun)).to.match(/npm is not on the PATH/);
  });
});
