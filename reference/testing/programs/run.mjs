// `node serve.mjs ./origin.mjs createOrigin` serves until its standard input ends, and prints where.

import { listen } from './support.mjs';

const [, , module, make] = process.argv;
const exported = await import(module);
console.log(await listen(await exported[make]()));
process.stdin.on('end', () => process.exit());
process.stdin.resume();
