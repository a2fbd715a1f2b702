/** The executor as a process: one JSON text a line over stdin and stdout, started inside the runtime under test. */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type FromExecutor, type ModuleName, RECORD, type ToExecutor } from '../plan.js';
import { Executor } from './executor.js';
import { runtime } from './runtime.js';
import { seenError } from './seen.js';

const { values } = parseArgs({
  options: {
    http: { type: 'string', default: 'node:http' },
    http2: { type: 'string', default: 'node:http2' },
    token: { type: 'string', default: '' },
  },
});
const specifiers: Record<ModuleName, string> = { http: values.http, http2: values.http2 };

// Synchronous, so that nothing is lost when the implementation ends the process, and taken before it is loaded.
const write = writeSync;
const send = (message: FromExecutor) => {
  let rest = Buffer.from(`\n${RECORD}${values.token}${JSON.stringify(message)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(1, rest));
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
    }
  }
};

const executor = new Executor((module) => import(specifiers[module]), send);

function fault(kind: 'uncaught' | 'rejection', error: unknown): void {
  if (executor.expectsFault(kind === 'uncaught' ? 'uncaughtException' : 'unhandledRejection')) return;
  const { name, message } = seenError(error) as { name?: string; message?: string };
  const run = executor.current();
  send({
    type: 'fault',
    kind,
    message: name ? `${name}: ${message}` : String(error),
    ...(run === undefined ? {} : { run }),
  });
}
process.on('uncaughtException', (error) => fault('uncaught', error));
process.on('unhandledRejection', (reason) => fault('rejection', reason));

let pending = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (pending + chunk).split('\n');
  pending = lines.pop() ?? '';
  for (const line of lines) if (line) executor.receive(JSON.parse(line) as ToExecutor);
});
process.stdin.on('end', () => process.exit(0));
send({ type: 'hello', runtime: runtime() });
