// The server of the client's measurements: canned bytes from node:net, as soon as a request is there. It tells its port.

import { type AddressInfo, createServer } from 'node:net';
import { task, tell } from '../child.js';
import { clientWorkloads } from './client-workloads.js';

export interface ClientPeerTask {
  workload: string;
}

const response = Buffer.from(clientWorkloads[task<ClientPeerTask>().workload]!.answer, 'latin1');

const server = createServer({ noDelay: true }, (socket) => {
  /** Octets of the request's content that are still to come. */
  let left = 0;
  socket.on('data', (packet) => {
    if (left === 0) {
      const end = packet.indexOf('\r\n\r\n') + 4;
      const length = /\r\nContent-Length: (\d+)/i.exec(packet.toString('latin1', 0, end));
      left = end + Number(length?.[1] ?? 0);
    }
    left -= packet.length;
    if (left === 0) socket.write(response);
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
