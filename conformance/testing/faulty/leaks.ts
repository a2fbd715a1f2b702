/** node:http that leaves a listening server, a connection to it, and a timer behind at each request() or get(). */
import net, { type AddressInfo } from 'node:net';
import { wrapRequests } from './wrapped.js';

export * from 'node:http';

const leaked: unknown[] = [];

const { request, get, module } = wrapRequests(() => {
  const server = net.createServer((socket) => leaked.push(socket));
  server.listen(0, '127.0.0.1', () => {
    leaked.push(net.connect((server.address() as AddressInfo).port, '127.0.0.1'));
  });
  leaked.push(
    server,
    setInterval(() => {}, 5),
  );
});

export { get, request };
export default module;
