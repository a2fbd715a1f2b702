// Every case of h2spec, strict ones too, where the program is there: named by H2SPEC, or on the PATH.
//
// go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Http2ServerRequest } from './compat-request.js';
import type { Http2ServerResponse } from './compat-response.js';
import http2 from './index.js';
import type { Http2SecureServer } from './secure-server.js';
import type { Http2Server } from './server.js';

const { H2SPEC: program = 'h2spec' } = process.env;
const fixture = (name: string) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url));

function serve(request: Http2ServerRequest, response: Http2ServerResponse): void {
  request.resume();
  response.end('some content');
}

const absent = spawnSync(program, ['--version']).status !== 0;

describe(absent ? 'h2spec (skipped: there is no such program)' : 'h2spec', () => {
  before(function () {
    if (absent) this.skip();
  });

  // One case is about streams beyond what is allowed.
  const settings = { maxConcurrentStreams: 100 };

  /** What h2spec says in its last line. */
  async function summary(server: Http2Server | Http2SecureServer, ...flags: string[]): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const run = promisify(execFile)(program, ['--strict', '--host', '127.0.0.1', '--port', port, ...flags]);
    const { stdout } = await run.catch((failed: { stdout: string }) => failed);
    server.close();
    return stdout.trim().split('\n').at(-1)!;
  }

  it('passes without TLS', async () => {
    expect(await summary(http2.createServer({ settings }, serve))).to.equal(
      '146 tests, 146 passed, 0 skipped, 0 failed',
    );
  }).timeout(120_000);

  it('passes over TLS', async () => {
    const server = http2.createSecureServer({ key: fixture('agent.key'), cert: fixture('agent.crt'), settings }, serve);
    expect(await summary(server, '--tls', '--insecure')).to.equal('146 tests, 146 passed, 0 skipped, 0 failed');
  }).timeout(120_000);
});
