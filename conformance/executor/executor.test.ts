import { EventEmitter } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import type { FromExecutor, Line, Vector } from '../plan.js';
import { compileText } from '../vectors/index.js';
import { Executor } from './executor.js';

type Done = Extract<FromExecutor, { type: 'done' }>;

/** What the vectors below are performed on. */
function fakeHttp() {
  const servers: Server[] = [];
  return {
    servers,
    emitter: () => new EventEmitter(),
    fail(message: string) {
      throw Object.assign(new TypeError(message), { code: 'ERR_FAKE' });
    },
    identity: (value: unknown) => value,
    later: (value: unknown) => Promise.resolve(value),
    callLater: (fn: (value: string) => void) => setImmediate(fn, 'late'),
    answer: (fn: (value: number) => unknown) => fn(20),
    Base: class Base {
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }
      greet() {
        return `hello ${this.name}`;
      }
    },
    createServer() {
      const server = createServer((socket) => socket.on('error', () => {}));
      servers.push(server);
      return server;
    },
  };
}

function vectorOf(yaml: string): Vector {
  const { vectors, faults } = compileText(`- id: http.test\n  covers: [x/y]\n  title: T\n${yaml}`, 'test.yaml');
  expect(faults.map(({ line, message }) => `${line}: ${message}`)).to.deep.equal([]);
  return vectors[0] as Vector;
}

async function perform(yaml: string, http: unknown = fakeHttp()): Promise<Done> {
  const vector = vectorOf(yaml);
  return new Promise((resolve) => {
    const executor = new Executor(
      async () => http,
      (message) => {
        if (message.type === 'loaded') executor.receive({ type: 'run', run: 7, vector, peers: {} });
        if (message.type === 'done') resolve(message);
      },
    );
    executor.receive({ type: 'load', module: 'http' });
  });
}

/** Lines in one word each. */
function told(lines: Line[]): string[] {
  return lines.map((line) => {
    if (line.k === 'saw') return `saw ${JSON.stringify(line.value)}`;
    if (line.k === 'outcome') return line.threw ? `threw ${(line.threw as { message: string }).message}` : 'returned';
    if (line.k === 'broken') return `broken ${(line.error as { message: string }).message}`;
    return `${line.label} ${JSON.stringify(line.data)}`;
  });
}

describe('executor', () => {
  it('performs steps that need not wait in one tick', async () => {
    const { lines } = await perform(`
  do:
    - a = http.identity: [1]
    - process.nextTick: [!callback tick]
    - check: { a: 1 }
    - wait: tick()
    - check: { a: 1 }
  trace: [tick()]
`);
    expect(told(lines)).to.deep.equal(['saw 1', 'tick() []', 'saw 1']);
  });

  it('watches by wrapping emit, from the moment a name is bound, and adds no listener', async () => {
    const { lines } = await perform(`
  do:
    - first = http.emitter: []
    - second = http.emitter: []
    - first.emit: [give, !ref second]
      returns: false
    - second.emit: [data, x]
      returns: false
  watch: { first: [give(given)], given: [data] }
  trace: [first give, given data]
`);
    expect(told(lines).map((line) => line.split(' {')[0]?.split(' [')[0])).to.include.members([
      'first give',
      'given data',
    ]);
    expect(told(lines).filter((line) => line === 'saw false')).to.have.length(2);
  });

  it('records throws, rejections and results, and goes on', async () => {
    const { lines } = await perform(`
  do:
    - http.fail: [no]
      throws: { code: ERR_FAKE }
    - http.identity: [3]
      throws: {}
    - await http.later: [4]
      returns: 4
    - http.answer: [!fn { params: [n], do: [{ return: !ref n }] }]
      returns: 20
`);
    expect(told(lines)).to.deep.equal(['threw no', 'returned', 'saw 4', 'saw 20']);
  });

  it('ends the vector at a throw that was not expected, also inside a function', async () => {
    const { lines } = await perform(`
  do:
    - http.callLater: [!fn { params: [text], do: [{ http.fail: [!ref text] }, { note: never }] }]
    - wait: note
    - check: { text: late }
  trace: [note]
`);
    expect(told(lines)).to.deep.equal(['broken late']);
  });

  it('throws into the implementation what the vector throws on purpose', async () => {
    const { lines } = await perform(`
  do:
    - http.answer: [!fn { params: [n], do: [{ throw: !error { message: mine } }] }]
      throws: { message: mine }
`);
    expect(told(lines)).to.deep.equal(['threw mine']);
  });

  it('makes subclasses with constructors and super', async () => {
    const { lines } = await perform(`
  do:
    - class: Sub
      extends: http.Base
      construct: { params: [name], super: [!fmt "Ms {name}"], do: [{ set: { this.made: true } }] }
      methods:
        greet: { do: [{ text = super.greet: [] }, { return: !fmt "{text}!" }] }
    - it = new Sub: [Ada]
    - it.greet: []
      returns: hello Ms Ada!
    - check: { it.made: true, it instanceof http.Base: true, it.constructor.name: Sub }
`);
    expect(told(lines)).to.deep.equal(['saw "hello Ms Ada!"', 'saw true', 'saw true', 'saw "Sub"']);
  });

  it('keeps the names of two calls of one function apart', async () => {
    const { lines } = await perform(`
  do:
    - let: { fn: !fn { params: [n], do: [{ wait: tick }, { note: { n: n } }] } }
    - fn: [1]
    - fn: [2]
    - wait: note x 2
  trace: [{ note: { n: 1 } }, { note: { n: 2 } }]
`);
    expect(told(lines)).to.deep.equal(['note [{"n":1}]', 'note [{"n":2}]']);
  });

  it('ends at the deadline and says what it waited for', async () => {
    const { stuck, ms } = await perform(`
  timeout: 100
  do:
    - e = http.emitter: []
    - wait: e never
    - check: { e: !any }
`);
    expect(stuck?.text).to.match(/wait/);
    expect(ms).to.be.at.least(99);
  });

  it('goes on after a body that is read and dropped', async () => {
    const { lines } = await perform(`
  do:
    - http.answer: [!fn { params: [n], do: [{ body = stream.Readable.from: [[x]] }, { consume: body }, { note: { n: n } }] }]
  trace: [note]
`);
    expect(told(lines)).to.deep.equal(['note [{"n":20}]']);
  });

  it('waits for each line of the trace before it settles', async () => {
    const { lines } = await perform(`
  do:
    - http.callLater: [!callback called]
  trace: [called()]
`);
    expect(told(lines)).to.deep.equal(['called() ["late"]']);
  });

  it('closes servers and their connections whatever happened', async () => {
    const http = fakeHttp();
    await perform(
      `
  do:
    - server = http.createServer: []
    - listen: server
    - socket = net.connect: [!ref server.address().port, 127.0.0.1]
    - wait: server connection
    - http.fail: [broken]
    - check: { server: !any }
`,
      http,
    );
    const [server] = http.servers as [Server];
    expect(server.listening).to.equal(false);
    const connections = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    expect(connections).to.equal(0);
    expect((server as unknown as { emit: unknown }).emit).to.equal(EventEmitter.prototype.emit);
  });

  it('reads of a class instance only what is asked for', async () => {
    const reads: string[] = [];
    class Touchy {
      get asked() {
        return 1;
      }
      get other() {
        reads.push('other');
        return 2;
      }
    }
    const { lines } = await perform(
      `
  do:
    - it = http.make: []
    - check: { it: { asked: 1 } }
`,
      { make: () => new Touchy() },
    );
    expect(reads).to.deep.equal([]);
    expect((lines[0] as { value: unknown }).value).to.deep.include({ class: 'Touchy', props: { asked: 1 } });
  });
});
