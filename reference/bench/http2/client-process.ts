// The client that is measured. It makes requests for as many seconds as it is asked to, and tells what it has done.

import type { ClientHttp2Session } from '../../http2/client-session.js';
import type { ClientHttp2Stream } from '../../http2/client-stream.js';
import { answer, cpuSeconds, sleep, task } from '../child.js';
import { TRUSTING } from './tls.js';
import type { Workload } from './workloads.js';

export interface ClientTask extends Workload {
  /** What `import()` takes. */
  module: string;
  port: number;
}

interface Http2Module {
  connect(authority: string, options: object): ClientHttp2Session;
}

const { module, port, program, tls, sessions, streams, upload = 0, unit } = task<ClientTask>();
const http2 = (await import(module)) as Http2Module;
const CHUNK = Buffer.alloc(Math.min(65_536, upload), 'x');

let requests = 0;
let octets = 0;

const PROGRAMS: { readonly [program: string]: (session: ClientHttp2Session) => ClientHttp2Stream } = {
  get: (session) => session.request({ ':path': '/' }),
  upload(session) {
    const stream = session.request({ ':path': '/', ':method': 'POST' });
    let left = upload;
    const write = (): void => {
      while (left > 0) {
        left -= CHUNK.length;
        octets += CHUNK.length;
        if (left === 0) stream.end(CHUNK);
        else if (!stream.write(CHUNK)) return;
      }
    };
    stream.on('drain', write);
    write();
    return stream;
  },
};

function ask(session: ClientHttp2Session, done: () => void): void {
  const stream = PROGRAMS[program]!(session);
  stream.on('response', () => {});
  stream.on('data', (chunk: Buffer) => {
    octets += chunk.length;
  });
  stream.on('end', done);
}

/** Makes requests, one after the other, as long as it may. */
function askOn(session: ClientHttp2Session, mayAsk: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const next = (): void => {
      requests++;
      if (mayAsk()) ask(session, next);
      else resolve();
    };
    ask(session, next);
  });
}

const all = Array.from({ length: sessions }, () =>
  http2.connect(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, TRUSTING),
);

answer(async ({ seconds }: { seconds: number }) => {
  const before = { requests, octets, cpu: cpuSeconds(), at: performance.now() };
  let mayAsk = true;
  const asking = all.flatMap((session) => Array.from({ length: streams }, () => askOn(session, () => mayAsk)));
  await sleep(seconds);
  mayAsk = false;
  await Promise.all(asking);
  return {
    count: unit === 'MB' ? (octets - before.octets) / 1e6 : requests - before.requests,
    seconds: (performance.now() - before.at) / 1000,
    cpuSeconds: cpuSeconds() - before.cpu,
  };
});
