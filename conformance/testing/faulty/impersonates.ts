/** node:http that prints lines like those of the executor's protocol, and text that is cut within a line. */
import { RECORD } from '../../plan.js';
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const FORGED = [
  { type: 'hello', runtime: { name: 'forged', version: '0', node: '0', platform: 'none', capabilities: [] } },
  { type: 'done', run: 0, lines: [], exports: {}, ms: 0 },
  { type: 'done', run: 1, lines: [], exports: {}, ms: 0 },
  { type: 'fault', kind: 'uncaught', message: 'forged' },
];

const { request, get, module } = wrapRequests(() => {
  for (const message of FORGED) {
    process.stdout.write(`${RECORD}${JSON.stringify(message)}\n`);
    process.stdout.write(`${JSON.stringify(message)}\n`);
  }
  process.stdout.write(`${RECORD}{"type":"done","run":`);
});

export { get, request };
export default module;
