// supertest, which listens and asks by itself, on an express app and on a bare server; all of it CommonJS.

const assert = require('node:assert/strict');
const http = require('node:http');
const express = require('express');
const request = require('supertest');

/** An app that reads and writes what the checks are about. */
function createApp() {
  const app = express();
  app.use(express.json(), express.urlencoded({ extended: true }));
  app.get('/json', (_, response) => response.json({ hello: 'world' }));
  app.post('/echo', (request, response) => response.status(201).json(request.body));
  app.get('/login', (_, response) => response.cookie('session', '1').send('in'));
  app.get('/session', (request, response) => response.send(request.headers.cookie ?? 'none'));
  app.get('/redirect', (_, response) => response.redirect('/json'));
  app.get('/silent', () => {});
  app.post('/upload', (request, response) => {
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
    });
    request.on('end', () => response.json({ length, type: request.headers['content-type'] }));
  });
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.use((error, _request, response, _next) => response.status(500).json({ error: error.message }));
  return app;
}

async function main() {
  const { assertReference, check, close, listen, pattern, report } = await import('./support.mjs');
  const app = createApp();

  await check('apps that supertest listens for', async () => {
    app.get('/stack', (_, response) => response.send(new Error().stack));
    const { text } = await request(app).get('/stack');
    assertReference('http', text);
    await request(app).get('/json').expect(200, { hello: 'world' }).expect('Content-Type', /json/);
    await request(app)
      .post('/echo')
      .send({ a: [1] })
      .expect(201, { a: [1] });
    await request(app).post('/echo').type('form').send({ b: '2' }).expect(201, { b: '2' });
    await request(app).head('/json').expect(200).expect('Content-Length', '17');
  });

  await check('requests are of the reference', async () => {
    const test = request(app).get('/json');
    test.on('request', ({ req }) => assert.ok(req instanceof http.ClientRequest));
    await test;
  });

  await check('expectations that do not hold', async () => {
    await assert.rejects(
      async () => await request(app).get('/json').expect(404),
      /expected 404 "Not Found", got 200 "OK"/,
    );
    await assert.rejects(
      async () => await request(app).get('/json').expect({ hello: 'you' }),
      /expected .* response body/,
    );
  });

  await check('errors of the app', async () => {
    await request(app).get('/broken').expect(500, { error: 'broken' });
    await request(app).get('/nowhere').expect(404);
    await request(app).post('/echo').type('json').send('{').expect(500);
  });

  await check('agents with cookies', async () => {
    const agent = request.agent(app);
    await agent.get('/session').expect(200, 'none');
    await agent.get('/login').expect('Set-Cookie', /session=1/);
    await agent.get('/session').expect(200, 'session=1');
  });

  await check('redirects', async () => {
    await request(app).get('/redirect').expect(302).expect('Location', '/json');
    await request(app).get('/redirect').redirects(1).expect(200, { hello: 'world' });
  });

  await check('uploads', async () => {
    const { body } = await request(app)
      .post('/upload')
      .attach('file', pattern(1 << 20), 'bytes')
      .field('name', 'value');
    assert.ok(body.length > 1 << 20);
    assert.match(body.type, /^multipart\/form-data; boundary=/);
  });

  await check('timeouts and abort', async () => {
    // A server of its own making supertest closes with the response only.
    const server = http.createServer(app);
    await listen(server);
    const timedOut = request(server).get('/silent').timeout({ response: 50 });
    await assert.rejects(async () => await timedOut, { code: 'ECONNABORTED' });
    const aborted = request(server).get('/silent');
    setTimeout(() => aborted.abort(), 50);
    aborted.end(() => {});
    await new Promise((resolve) => aborted.on('abort', resolve));
    await close(server);
  });

  await check('a server that listens already', async () => {
    const server = http.createServer((request, response) => {
      assertReference();
      response.setHeader('X-Method', request.method);
      request.pipe(response);
    });
    const origin = await listen(server);
    await request(server).patch('/').send('text').expect(200).expect('X-Method', 'PATCH');
    const { body } = await request(origin).put('/').send('piped').buffer(true).parse(collect);
    assert.equal(String(body), 'piped');
    if (server.listening) await close(server);
  });

  report();
}

function collect(response, callback) {
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => callback(null, Buffer.concat(chunks)));
}

main();
