// The load: as many requests under way as the workload says, for some seconds at a time. Frames are written and counted
// without a client's cost.

import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Encoder } from '../../protocol/hpack/encoder.js';
import type { HeaderField } from '../../protocol/hpack/header-field.js';
import { answer, sleep, task } from '../child.js';
import { TRUSTING } from './tls.js';
import { WireConnection } from './wire.js';
import type { Workload } from './workloads.js';

export interface ServerLoadTask extends Workload {
  port: number;
}

/** For how long; or how many more streams are to be begun on each session, none of which is expected to end. */
export type ServerLoadQuestion = { seconds: number } | { open: number };

const { port, sessions, streams, upload = 0, headers = 0, tls = false, unit } = task<ServerLoadTask>();
const to = { port, host: '127.0.0.1' };

const fields: HeaderField[] = [
  { name: ':method', value: upload > 0 ? 'POST' : 'GET' },
  { name: ':scheme', value: tls ? 'https' : 'http' },
  { name: ':path', value: '/' },
  { name: ':authority', value: to.host },
];
for (let i = 0; i < headers; i++) fields.push({ name: `x-header-${i}`, value: `value of header number ${i}` });

class Session {
  readonly wire: WireConnection;
  requests = 0;
  readonly #encoder = new Encoder();
  #streamId = -1;
  #underWay = 0;
  #mayAsk = false;
  #rested: (() => void) | undefined;

  constructor() {
    const socket = tls ? connectTls({ ...to, ...TRUSTING }) : connect(to);
    socket.setNoDelay(true);
    this.wire = new WireConnection(socket, 'client', () => this.#answered());
  }

  #answered(): void {
    this.requests++;
    this.#underWay--;
    if (this.#mayAsk) this.#ask();
    else if (this.#underWay === 0) this.#rested?.();
  }

  #ask(): void {
    this.#streamId += 2;
    this.#underWay++;
    this.wire.headers(this.#streamId, this.#encoder.encode(fields), upload === 0);
    if (upload > 0) this.wire.send(this.#streamId, upload);
  }

  open(count: number): void {
    for (let i = 0; i < count; i++) this.#ask();
    this.wire.flush();
  }

  begin(): void {
    this.#mayAsk = true;
    this.open(streams);
  }

  rest(): Promise<void> {
    this.#mayAsk = false;
    return new Promise((resolve) => {
      this.#rested = resolve;
      if (this.#underWay === 0) resolve();
    });
  }
}

const all = Array.from({ length: sessions }, () => new Session());

function count(): number {
  if (unit === 'requests') return all.reduce((sum, { requests }) => sum + requests, 0);
  return all.reduce((sum, { wire }) => sum + wire.received + wire.sent, 0) / 1e6;
}

answer(async (question: ServerLoadQuestion) => {
  if ('open' in question) {
    for (const session of all) session.open(question.open);
    return {};
  }
  const before = { count: count(), at: performance.now() };
  for (const session of all) session.begin();
  await sleep(question.seconds);
  await Promise.all(all.map((session) => session.rest()));
  return { count: count() - before.count, seconds: (performance.now() - before.at) / 1000 };
});
