// A server that speaks WebSocket at /echo and /chat, behind ws, and HTTP elsewhere.

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

export function createWebSocketServer() {
  const server = createServer((request, response) => response.end(`plain ${request.url}`));
  const echo = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  echo.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('error', () => {});
  });
  const chat = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered].at(-1) });
  chat.on('connection', (socket, request) => {
    socket.send(`welcome ${request.headers['x-name']}`);
    socket.on('message', (data) => {
      for (const client of chat.clients) client.send(`${request.headers['x-name']}: ${data}`);
    });
    socket.on('close', (code, reason) => {
      for (const client of chat.clients) client.send(`${request.headers['x-name']} left: ${code} ${reason}`);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/silent') {
      socket.on('error', () => {});
      socket.on('end', () => socket.end());
      socket.resume();
      return;
    }
    if (request.url === '/gone') {
      socket.destroy();
      return;
    }
    const handler = { '/echo': echo, '/chat': chat }[request.url];
    if (handler) handler.handleUpgrade(request, socket, head, (client) => handler.emit('connection', client, request));
    else socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno');
  });
  return server;
}
