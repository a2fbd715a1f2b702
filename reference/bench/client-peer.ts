// The server of the client's measurements: canned bytes from node:net, as soon as a request is there. Argument: the
// scenario's name. Prints its port.

import { type AddressInfo, createServer } from 'node:net';
import { clientScenarios } from './client-scenarios.js';

const answer = Buffer.from(clientScenarios[process.argv[2]!]!.answer, 'latin1');

createServer({ noDelay: true }, (socket) => {
  /** Octets of the request's content that are still to come. */
  let left = 0;
  socket.on('data', (packet) => {
    if (left === 0) {
      const end = packet.indexOf('\r\n\r\n') + 4;
      const length = /\r\nContent-Length: (\d+)/i.exec(packet.toString('latin1', 0, end));
      left = end + Number(length?.[1] ?? 0);
    }
    left -= packet.length;
    if (left === 0) socket.write(answer);
  });
  socket.on('error', () => socket.destroy());
}).listen(0, '127.0.0.1', function (this: { address(): unknown }) {
  process.stdout.write(`${(this.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
