// A gRPC service with a method of each kind. Messages are JSON: nothing here depends on how they are encoded.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { deferred } from './support.mjs';

const grpc = createRequire(import.meta.url)('@grpc/grpc-js');

const encode = (message) => Buffer.from(JSON.stringify(message));
const decode = (bytes) => JSON.parse(String(bytes));

const method = (name, requestStream, responseStream) => ({
  path: `/plumbline.Greeter/${name}`,
  requestStream,
  responseStream,
  requestSerialize: encode,
  requestDeserialize: decode,
  responseSerialize: encode,
  responseDeserialize: decode,
});

const service = {
  greet: method('Greet', false, false),
  fail: method('Fail', false, false),
  wait: method('Wait', false, false),
  count: method('Count', false, true),
  sum: method('Sum', true, false),
  echo: method('Echo', true, true),
};

const Greeter = grpc.makeGenericClientConstructor({ ...service, none: method('None', false, false) }, 'Greeter');

const handlers = {
  greet(call, callback) {
    const reply = new grpc.Metadata();
    reply.set('x-asked', String(call.metadata.get('x-asked')));
    call.sendMetadata(reply);
    const trailers = new grpc.Metadata();
    trailers.set('x-trailer', 'behind');
    callback(null, { text: `Hello ${call.request.name}`, length: call.request.padding?.length }, trailers);
  },
  fail(_call, callback) {
    const metadata = new grpc.Metadata();
    metadata.set('x-why', 'because');
    callback({ code: grpc.status.FAILED_PRECONDITION, details: 'ünready', metadata });
  },
  wait(call) {
    countCancelled(call);
    call.sendMetadata(new grpc.Metadata());
  },
  count(call) {
    let i = 0;
    const more = () => {
      while (i < call.request.to) {
        if (call.cancelled) return;
        if (!call.write({ i: i++, padding: call.request.padding })) {
          call.once('drain', more);
          return;
        }
      }
      if (!call.request.endless) call.end();
    };
    if (call.request.endless) countCancelled(call);
    more();
  },
  sum(call, callback) {
    let sum = 0;
    call.on('data', ({ i }) => {
      sum += i;
    });
    call.on('end', () => callback(null, { sum }));
  },
  echo(call) {
    call.on('data', (message) => call.write({ echo: message }));
    call.on('end', () => call.end());
  },
};

/** Calls that can only be cancelled: how many the server of this process has begun, and how many it has seen cancelled. */
export const endless = { begun: 0, cancelled: 0 };

function countCancelled(call) {
  endless.begun++;
  call.on('cancelled', () => {
    endless.cancelled++;
  });
}

/** Starts a server. Returns where. */
export async function serveGreeter() {
  server = new grpc.Server();
  server.addService(service, handlers);
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return `127.0.0.1:${port}`;
}

let server;

/** Ends the server gracefully. */
export function closeGreeter() {
  return new Promise((resolve, reject) => {
    server.tryShutdown((error) => (error ? reject(error) : resolve()));
  });
}

/** Calls of each kind, by what they are about. */
const calls = {
  async 'unary calls'(client) {
    const metadata = new grpc.Metadata();
    metadata.set('x-asked', 'before');
    const { reply, initial, status } = await unary(client, 'greet', { name: 'Ann' }, metadata);
    assert.equal(reply.text, 'Hello Ann');
    assert.deepEqual([initial.get('x-asked'), status.metadata.get('x-trailer')], [['before'], ['behind']]);
    assert.equal((await unary(client, 'greet', { padding: 'x'.repeat(1 << 20) })).reply.length, 1 << 20);
    const many = Array.from({ length: 100 }, (_, i) => unary(client, 'greet', { name: i }));
    const texts = (await Promise.all(many)).map((one) => one.reply.text);
    assert.deepEqual(
      texts,
      Array.from({ length: 100 }, (_, i) => `Hello ${i}`),
    );
  },
  async 'errors with details and metadata'(client) {
    const error = await unary(client, 'fail', {}).catch((reason) => reason);
    assert.deepEqual([error.code, error.details], [grpc.status.FAILED_PRECONDITION, 'ünready']);
    assert.deepEqual(error.metadata.get('x-why'), ['because']);
    await assert.rejects(unary(client, 'none', {}), { code: grpc.status.UNIMPLEMENTED });
  },
  async 'server streaming'(client) {
    const seen = [];
    const padding = 'x'.repeat(10_000);
    for await (const { i } of client.count({ to: 500, padding })) {
      seen.push(i);
      if (i === 100) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 500 }, (_, i) => i),
    );
  },
  async 'client streaming'(client) {
    const { promise, resolve, reject } = deferred();
    const call = client.sum((error, reply) => (error ? reject(error) : resolve(reply)));
    for (let i = 0; i < 500; i++) if (!call.write({ i, padding: 'x'.repeat(1000) })) await once(call, 'drain');
    call.end();
    assert.deepEqual(await promise, { sum: 124_750 });
  },
  async 'both ways at a time'(client) {
    const call = client.echo();
    for (const message of ['a', { b: 1 }, 'x'.repeat(200_000)]) {
      call.write(message);
      assert.deepEqual(await once(call, 'data'), [{ echo: message }]);
    }
    call.end();
    const [[status]] = await Promise.all([once(call, 'status'), once(call, 'end')]);
    assert.equal(status.code, grpc.status.OK);
  },
  async deadlines(client) {
    const deadline = Date.now() + 50;
    const late = await unary(client, 'wait', {}, new grpc.Metadata(), { deadline }).catch((error) => error);
    assert.equal(late.code, grpc.status.DEADLINE_EXCEEDED);
    const counting = client.count({ to: 3, endless: true }, { deadline: Date.now() + 50 });
    await assert.rejects(counting.toArray(), { code: grpc.status.DEADLINE_EXCEEDED });
  },
  async cancellation(client) {
    const call = client.wait({}, () => {});
    call.once('metadata', () => call.cancel());
    assert.equal((await once(call, 'status'))[0].code, grpc.status.CANCELLED);
    const counting = client.count({ to: 3, endless: true });
    counting.once('data', () => counting.cancel());
    await assert.rejects(counting.toArray(), { code: grpc.status.CANCELLED });
  },
};

/** Makes all the calls. Returns what they were about. */
export async function callGreeter(address, check = (_name, run) => run()) {
  const client = new Greeter(address, grpc.credentials.createInsecure());
  for (const [name, run] of Object.entries(calls)) await check(name, () => run(client));
  client.close();
  return Object.keys(calls);
}

function unary(client, name, ...args) {
  const { promise, resolve, reject } = deferred();
  const result = {};
  const call = client[name](...args, (error, reply) => {
    if (error) reject(error);
    result.reply = reply;
  });
  call.on('metadata', (initial) => {
    result.initial = initial;
  });
  call.on('status', (status) => resolve({ ...result, status }));
  return promise;
}
