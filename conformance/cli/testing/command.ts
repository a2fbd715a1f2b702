/** The command as a person runs it, for tests: a child process and a temporary folder with a few vectors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** What a command left behind. */
export interface Ended {
  /** Exit status; null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `plumbline` with these arguments in a folder. */
export function start(cwd: string, args: readonly string[]): ChildProcess & { ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      printed[name] += chunk;
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...printed }));
  });
  return Object.assign(child, { ended });
}

/** Runs `plumbline` with these arguments in a folder. */
export function plumbline(cwd: string, ...args: string[]): Promise<Ended> {
  return start(cwd, args).ended;
}

const REQUIREMENTS = `
- id: http.small/get
  section: httpgeturl-options-callback
  kind: event-order
  says: A response comes before the request closes.
- id: http.small/rest
  section: httpstatus_codes
  kind: constant
  says: There is more than requests.
- id: http2.small/settings
  section: http2getpackedsettingssettings
  kind: return-value
  says: Settings are packed into bytes.
`;

const HTTP = `
- id: http.small.get
  covers: [http.small/get]
  title: A request gets its response, then closes
  peer:
    http1-server:
      - accept
      - reply: !http |
          HTTP/1.1 200 OK
          Content-Length: 2
          Connection: close

          ok
  watch: { req: [response, close] }
  do:
    - req = http.get: [{ host: 127.0.0.1, port: !ref peer.port, agent: false }]
    - on: { req response: { as: [res], do: [{ body = consume: res }, { check: { body: ok } }] } }
  trace: [req response, req close]

- id: http.small.server
  covers: [http.small/rest]
  title: A server answers
  peer:
    http1-client:
      - connect: server
      - send: !http |
          GET / HTTP/1.1
          Host: a.example
      - receive: { status: 200, body: hello }
  do:
    - server = http.createServer: [!fn { params: [req, res], do: [{ res.end: [hello] }] }]
    - listen: server

- id: http.small.status
  covers: [http.small/rest]
  title: Status codes have names
  do:
    - check: { "http.STATUS_CODES[404]": Not Found }
`;

const HTTP2 = `
- id: http2.small.settings
  covers: [http2.small/settings]
  title: One setting takes six bytes
  do:
    - packed = http2.getPackedSettings: [{ enablePush: false }]
    - check: { packed.length: 6 }
`;

/** The ids of the vectors that {@link makeFolder} writes. */
export const SMALL = ['http.small.get', 'http.small.server', 'http.small.status', 'http2.small.settings'];

/** A temporary folder with the folder `vectors` in it, and what else is given by name. */
export function makeFolder(files: { [name: string]: string } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-cli-'));
  const all = {
    'vectors/requirements/small.yaml': REQUIREMENTS,
    'vectors/http/small.yaml': HTTP,
    'vectors/http2/small.yaml': HTTP2,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
