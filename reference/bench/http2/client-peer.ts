// The server of the client's measurements: it answers each request when that has ended. It tells its port.

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Encoder } from '../../protocol/hpack/encoder.js';
import { task, tell } from '../child.js';
import { serverIdentity } from './tls.js';
import { WireConnection } from './wire.js';
import type { Workload } from './workloads.js';

const { tls, download = 11 } = task<Workload>();

const fields = [
  { name: ':status', value: '200' },
  { name: 'content-type', value: 'text/plain' },
  { name: 'date', value: 'Sun, 06 Nov 1994 08:49:37 GMT' },
];

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  const encoder = new Encoder();
  const connection = new WireConnection(socket, 'server', (streamId) => {
    connection.headers(streamId, encoder.encode(fields), false);
    connection.send(streamId, download);
  });
  connection.flush();
}

const server = tls ? createTlsServer({ ...serverIdentity(), ALPNProtocols: ['h2'] }, serve) : createServer(serve);
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
