// `node run.mjs ./origin.mjs createOrigin` calls a function, listens when it gives a server, prints the result as JSON, and
// stays until its standard input ends.

import { listen } from './support.mjs';

const [, , module, name, ...args] = process.argv;
const exported = await import(module);
const result = await exported[name](...args);
console.log(JSON.stringify(typeof result.listen === 'function' ? await listen(result) : result));
process.stdin.on('end', () => process.exit());
process.stdin.resume();
