// The server that is measured. Arguments: the module (`node:http`, or a file), the scenario's name. Prints its port, and
// at each line of input the CPU time used so far in microseconds.

import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import { CANNED, type Listener, scenarios } from './server-scenarios.js';

const [module, name] = process.argv.slice(2);

async function make(): Promise<Server> {
  if (module === 'net') {
    return createNetServer((socket) => {
      socket.on('data', () => socket.write(CANNED, 'latin1'));
      socket.on('error', () => socket.destroy());
    });
  }
  const { createServer } = (await import(module!)) as { createServer(listener: Listener): Server };
  return createServer(scenarios[name!]!.listener);
}

const server = await make();
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${user + system}\n`);
});
process.stdin.on('end', () => process.exit());
