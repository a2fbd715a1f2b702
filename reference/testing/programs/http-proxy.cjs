// http-proxy between clients and servers: requests, uploads and WebSockets, CommonJS.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');
const { Readable } = require('node:stream');
const httpProxy = require('http-proxy');
const WebSocket = require('ws');

async function main() {
  const { createOrigin, LARGE } = await import('./origin.mjs');
  const { createWebSocketServer } = await import('./websockets.mjs');
  const { assertReference, check, close, deferred, exchange, listen, onNode, pattern, report } = await import(
    './support.mjs'
  );
  const large = pattern(LARGE);

  /** A proxy to one target; failures are answered with 502. */
  async function listenProxy(options) {
    const proxy = httpProxy.createProxyServer({ xfwd: true, ...options });
    const failures = [];
    proxy.on('error', (error, _request, response) => {
      failures.push(error.code);
      if (response instanceof http.ServerResponse && !response.headersSent) response.writeHead(502).end('bad gateway');
      else response.destroy();
    });
    proxy.on('proxyRes', (proxyResponse, _request, response) => {
      // http-proxy itself leaves the client waiting for the rest.
      proxyResponse.on('aborted', () => response.destroy());
    });
    const server = http.createServer((request, response) => proxy.web(request, response));
    server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
    return { proxy, server, failures, origin: await listen(server) };
  }

  async function checkHttp(peer, target) {
    const agent = new http.Agent({ keepAlive: true });
    const { proxy, server, failures, origin } = await listenProxy({ target, agent });
    const get = (path, options) => fetch(origin + path, options);
    const post = (path, body) => get(path, { method: 'POST', body, duplex: 'half' });
    const on = (name, run) => check(`${name}, ${peer}`, run);

    await on('requests and responses', async () => {
      assert.deepEqual(await (await get('/json')).json(), { hello: 'world' });
      const echo = await (await post('/echo', 'body')).json();
      assert.deepEqual([echo.text, echo.headers['x-forwarded-for']], ['body', '127.0.0.1']);
      assert.equal((await get('/redirect', { redirect: 'manual' })).headers.get('location'), '/json');
      assert.deepEqual((await get('/cookies')).headers.getSetCookie(), ['a=1', 'b=2; Path=/']);
      assert.equal((await get('/not-found')).status, 404);
      assert.equal((await get('/empty')).status, 204);
      const head = await get('/large', { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), String(LARGE));
    });

    await on('streams and uploads', async () => {
      assert.ok(Buffer.from(await (await get('/large')).arrayBuffer()).equals(large));
      assert.equal((await (await get('/stream')).text()).split('\n').length, 11);
      assert.ok(Buffer.from(await (await post('/mirror', large)).arrayBuffer()).equals(large));
      const streamed = await post('/mirror', Readable.from([large, large]));
      assert.equal((await streamed.arrayBuffer()).byteLength, 2 * LARGE);
    });

    await on('requests and responses that are changed on the way', async () => {
      proxy.once('proxyReq', (proxyRequest) => {
        assert.ok(proxyRequest instanceof http.ClientRequest);
        proxyRequest.setHeader('X-Added', 'on the way');
      });
      proxy.once('proxyRes', (proxyResponse, _request, response) => {
        assertReference();
        proxyResponse.headers['x-removed'] = undefined;
        response.setHeader('X-Proxied', 'yes');
      });
      const response = await get('/echo');
      assert.equal(response.headers.get('x-proxied'), 'yes');
      assert.equal((await response.json()).headers['x-added'], 'on the way');
    });

    await on('targets that fail', async () => {
      assert.equal((await get('/reset')).status, 502);
      assert.deepEqual(failures, ['ECONNRESET']);
      await assert.rejects(async () => (await get('/truncated')).text());
    });

    await on('targets that do not answer', async () => {
      const impatient = await listenProxy({ target, proxyTimeout: 50 });
      assert.equal((await fetch(`${impatient.origin}/silent`)).status, 502);
      assert.deepEqual(impatient.failures, ['ECONNRESET']);
      await close(impatient.server);
    });

    await on('clients that go away while they send', async () => {
      const gone = deferred();
      proxy.once('proxyReq', (proxyRequest) => proxyRequest.on('close', gone.resolve));
      const abort = new AbortController();
      const body = new Readable({ read() {} });
      body.push('and so on');
      const stalled = await get('/stalled', { method: 'POST', body, duplex: 'half', signal: abort.signal });
      await stalled.body.getReader().read();
      abort.abort();
      await gone.promise;
    });

    await on('kept connections', async () => {
      const one = (more) => `GET /json HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
      const received = await exchange(origin, one('') + one('') + one('Connection: close\r\n'));
      assert.equal(received.match(/\{"hello":"world"\}/g).length, 3);
    });

    agent.destroy();
    await close(server);
  }

  async function checkWebSockets(peer, target) {
    const { server, failures, origin } = await listenProxy({ target });
    const url = origin.replace('http', 'ws');

    await check(`WebSockets, ${peer}`, async () => {
      const socket = new WebSocket(`${url}/echo`);
      await once(socket, 'open');
      for (const message of [Buffer.from('text'), large]) {
        socket.send(message);
        assert.ok((await once(socket, 'message'))[0].equals(message));
      }
      socket.close(4001, 'enough');
      const [code, reason] = await once(socket, 'close');
      assert.deepEqual([code, String(reason)], [4001, 'enough']);
    });

    await check(`WebSockets that the target refuses, ${peer}`, async () => {
      await assert.rejects(once(new WebSocket(`${url}/nowhere`), 'open'), /Unexpected server response: 401/);
      await assert.rejects(once(new WebSocket(`${url}/gone`), 'open'), /socket hang up/);
      assert.deepEqual(failures, ['ECONNRESET']);
    });

    await close(server);
  }

  const targets = [createOrigin(), createWebSocketServer()];
  const [http1, websockets] = await Promise.all(targets.map(listen));
  await checkHttp('reference', http1);
  await checkWebSockets('reference', websockets);
  const nodeHttp1 = await onNode('./origin.mjs', 'createOrigin');
  await checkHttp('Node', nodeHttp1.result);
  await nodeHttp1.end();
  const nodeWebsockets = await onNode('./websockets.mjs', 'createWebSocketServer');
  await checkWebSockets('Node', nodeWebsockets.result);
  await nodeWebsockets.end();

  await check('targets that are not there', async () => {
    const { server, failures, origin } = await listenProxy({ target: 'http://127.0.0.1:1' });
    const response = await fetch(origin);
    assert.deepEqual([response.status, await response.text(), failures], [502, 'bad gateway', ['ECONNREFUSED']]);
    await close(server);
  });

  await Promise.all(targets.map(close));
  report();
}

main();
