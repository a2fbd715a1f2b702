import { expect } from 'chai';
import { compileRequirements, compileText } from './index.js';
import { faultsOf, marked, vectorText } from './testing/texts.js';

/** What is wrong; lines of a vector with ▸ where; what is said. */
const IN_A_VECTOR: [string, string, string][] = [
  ['a key of the vector', `▸expects: []\ndo: [check: { http.METHODS: !any }]`, 'unknown key "expects"'],
  [
    'a key with a typo',
    `▸timout: 5\ndo: [check: { http.METHODS: !any }]`,
    'unknown key "timout": did you mean "timeout"?',
  ],
  ['a verb with a typo', `do:\n  - ▸lisen: server`, 'unknown verb "lisen": did you mean "listen"?'],
  [
    'a verb with a typo, called',
    `do:\n  - ▸wiat: [req]\n  - check: { http.METHODS: !any }`,
    'unknown verb "wiat": did you mean "wait"?',
  ],
  [
    'a modifier with a typo',
    `do:\n  - http.get: [x]\n    ▸thorws: {}`,
    'unknown key "thorws" in a step: did you mean "throws"?',
  ],
  [
    'a modifier of another verb',
    `do:\n  - check: { http.METHODS: !any }\n    ▸returns: 1`,
    '"returns" does not go with "check": it takes no further keys',
  ],
  [
    'two verbs in a step',
    `do:\n  - check: { http.METHODS: !any }\n    ▸wait: 5ms`,
    'a second verb in one step: "wait" must be a step of its own, with its own "-"',
  ],
  [
    'a step without a verb',
    `do:\n  - ▸throws: {}\n  - check: { http.METHODS: !any }`,
    'a step needs a verb beside "throws"',
  ],
  ['arguments that are no list', `do:\n  - http.get: ▸url`, 'a call takes a list of arguments: http.get: [ … ]'],
  [
    'throws of an awaited call',
    `do:\n  - await http.get: []\n    ▸throws: {}`,
    'an awaited call rejects: use "rejects"',
  ],
  [
    'rejects of a plain call',
    `do:\n  - http.get: []\n    ▸rejects: {}`,
    'only an awaited call rejects: use "throws", or begin with "await"',
  ],
  ['a path that breaks off', `do:\n  - check: { http.▸: 1 }`, 'a property name must follow the dot'],
  ['a bracket that stays open', `do:\n  - check: { "http.METHODS[0▸": 1 }`, '"]" is missing'],
  [
    'quotes in brackets',
    `do:\n  - check: { 'http.METHODS[▸"0"]': 1 }`,
    'text in brackets is the key as it is: write [0] without quotes',
  ],
  [
    'an expression of another language',
    `do:\n  - check: { "http.METHODS▸ === http.METHODS": true }`,
    '" === http.METHODS" cannot follow: an expression is a path, or "typeof PATH", "PATH instanceof PATH", "PATH is PATH", \'"key" in PATH\'',
  ],
  ['an unknown tag', `do:\n  - check: { http.METHODS: ▸!lenght 3 }`, 'unknown tag !lenght: did you mean "!length"?'],
  [
    'a matcher as an argument',
    `do:\n  - http.get: [▸!any ]\n    throws: {}`,
    '!any is a matcher: it cannot be passed as a value',
  ],
  ['a function as a matcher', `do:\n  - check: { http.get: ▸!fn {} }`, '!fn is no matcher: use !function'],
  [
    'an odd number of digits',
    `do:\n  - http.get: [▸!hex 0ff]\n    throws: {}`,
    'expected pairs of hexadecimal digits after !hex, found text',
  ],
  [
    'a regular expression',
    `do:\n  - check: { http.METHODS: ▸!match "(" }`,
    'Invalid regular expression: /(/: Unterminated group',
  ],
  ['a fixture', `do:\n  - http.get: [▸!fixture no.txt]\n    throws: {}`, 'there is no fixtures/no.txt'],
  [
    'a name that nothing binds',
    `do:\n  - req = http.get: [x]\n  - check: { ▸rq.path: / }`,
    'nothing binds "rq": did you mean "req"?',
  ],
  [
    'a name in an argument',
    `do:\n  - http.get: [!ref ▸url2.href]\n    throws: {}`,
    'nothing binds "url2": did you mean "url"?',
  ],
  [
    'a name in a text',
    `do:\n  - http.get: [▸!fmt "http://{pear.port}/"]\n    throws: {}\npeer:\n  http1-server: [accept]`,
    'nothing binds "pear": did you mean "peer"?',
  ],
  [
    'a name read too early',
    `do:\n  - check: { ▸req.path: / }\n  - req = http.get: [x]`,
    '"req" is read before it is bound',
  ],
  ['this outside of functions', `do:\n  - check: { ▸this.x: 1 }`, '"this" stands inside functions only'],
  [
    'return outside of functions',
    `do:\n  - check: { http.METHODS: !any }\n  - ▸return: 1`,
    '"return" stands inside functions only',
  ],
  [
    'a module as a name',
    `do:\n  - ▸http = http.get: []\n    throws: {}`,
    '"http" cannot be bound: it is the module under test',
  ],
  [
    'a part of a peer that is not there',
    `peer:\n  http1-server: [accept]\ndo:\n  - check: { ▸peer.address: 1 }`,
    '"peer.address": of a peer there is peer.host, peer.port, peer.path or peer.url',
  ],
  [
    'a wait for an unbound name',
    `do:\n  - req = http.get: [x]\n    returns: !any\n  - wait: ▸rec close`,
    'the wait can never end: nothing binds "rec": did you mean "req"?',
  ],
  [
    'a wait for a callback',
    `do:\n  - check: { http.METHODS: !any }\n  - wait: ▸written()`,
    'the wait can never end: no step passes !callback written',
  ],
  [
    'a wait for a note',
    `do:\n  - check: { http.METHODS: !any }\n  - wait: [▸note]`,
    'the wait can never end: no step makes a note',
  ],
  [
    'a wait for a mark',
    `peer:\n  http1-server: [accept, mark: sent-it]\ndo:\n  - check: { http.METHODS: !any }\n  - wait: ▸peer sent`,
    'the wait can never end: the peer "peer" never marks "sent": did you mean "sent-it"?',
  ],
  ['a wait without a unit', `do:\n  - check: { http.METHODS: !any }\n  - wait: ▸50`, 'a time needs its unit: 50ms'],
  [
    "a peer's wait",
    `peer:\n  http1-server: [accept, wait: ▸written()]\ndo:\n  - check: { http.METHODS: !any }`,
    "the peer's wait can never end: no step passes !callback written",
  ],
  [
    'a server that nothing listens on',
    `peer:\n  http1-client: [connect: ▸servr, receive: response]\ndo:\n  - server = http.createServer: []\n  - listen: server`,
    'the vector never listens on "servr": did you mean "server"?',
  ],
  [
    'watch without trace',
    `▸watch: { req: [close] }\ndo:\n  - req = http.get: [x]\n    returns: !any`,
    '"watch" without "trace": what is watched must be compared with something',
  ],
  [
    'note without trace',
    `do:\n  - check: { http.METHODS: !any }\n  - ▸note: here`,
    '"note" without "trace": a note is a line of the trace',
  ],
  [
    'a watched name that nothing binds',
    `watch: { ▸rq: [close] }\ndo:\n  - req = http.get: [x]\ntrace: [rq close]`,
    'nothing binds "rq", so that it is never watched: did you mean "req"?',
  ],
  [
    'a line that is not watched',
    `watch: { req: [close] }\ndo:\n  - req = http.get: [x]\ntrace:\n  - ▸req closed`,
    '"req closed" can never be in the trace: it is not watched: did you mean "req close"?',
  ],
  [
    'a line that is no label',
    `watch: { req: [close] }\ndo:\n  - req = http.get: [x]\ntrace:\n  - req close\n  - ▸close`,
    '"close" is no label: write "NAME EVENT", "CALLBACK()" or "note"',
  ],
  [
    'a window that is empty',
    `watch: { req: [close] }\ndo:\n  - req = http.get: [x]\ntrace:\n  - { event: req close, after: 2s, before: ▸90ms }`,
    'the window is empty: after 2000 ms and before 90 ms',
  ],
  ['an expectation is missing', `do:\n  - http.get: [x]`, 'the vector expects nothing'],
  [
    'a kind of peer',
    `peer:\n  ▸http-server: [accept]\ndo:\n  - check: { http.METHODS: !any }`,
    'unknown kind of peer "http-server": did you mean "http1-server"?',
  ],
  [
    'a step of a peer',
    `peer:\n  http1-server:\n    - accept\n    - ▸recieve: request\ndo: []`,
    'unknown step "recieve" of http1-server: did you mean "receive"?',
  ],
  [
    'a step of another kind of peer',
    `peer:\n  http1-client:\n    - connect: server\n    - ▸credit\n    - receive: response\ndo:\n  - server = http.createServer: []\n  - listen: server`,
    'unknown step "credit" of http1-client: it belongs to http2-server and http2-client',
  ],
  [
    'sending to nobody',
    `peer:\n  http1-server:\n    - ▸send: x\ndo:\n  - check: { http.METHODS: !any }`,
    '"send" before there is a connection: the script begins with "accept"',
  ],
  [
    'a field of a message',
    `peer:\n  http1-server: [accept, receive: { request: { ▸header: {} } }]\ndo: []`,
    'unknown key "header" in a request: did you mean "headers"?',
  ],
  [
    'a header in capitals',
    `peer:\n  http1-server: [accept, receive: { request: { headers: { ▸Host: a } } }]\ndo: []`,
    'header names are lower case here: "host" (rawHeaders and fields keep what was sent)',
  ],
  [
    'a frame type',
    `peer:\n  http2-server: [accept, send: { ▸SETINGS: {} }]\ndo:\n  - check: { http.METHODS: !any }`,
    'unknown frame type "SETINGS": did you mean "SETTINGS"?',
  ],
  [
    'a field of a frame',
    `peer:\n  http2-server: [accept, send: { GOAWAY: { ▸lst: 1 } }]\ndo:\n  - check: { http.METHODS: !any }`,
    'unknown key "lst" in GOAWAY to send: did you mean "last"?',
  ],
  [
    'an error code',
    `peer:\n  http2-server: [accept, receive: { GOAWAY: { code: ▸PROTOCOL_ERR } }]\ndo: []`,
    'unknown error code "PROTOCOL_ERR"',
  ],
  [
    'a flag',
    `peer:\n  http2-server: [accept, send: { DATA: { stream: 1, flags: [▸FIN] } }]\ndo:\n  - check: { http.METHODS: !any }`,
    'unknown flag "FIN": it is one of END_STREAM, END_HEADERS, PADDED, PRIORITY and ACK',
  ],
  [
    'a timeout that is too long',
    `timeout: ▸60000\ndo:\n  - check: { http.METHODS: !any }`,
    'expected milliseconds that the whole vector may take (1 to 30000, default 10000), found "60000"',
  ],
  [
    'a capability',
    `needs: [▸tsl]\ndo:\n  - check: { http.METHODS: !any }`,
    'expected tls, unix-socket, ipv6, files, process-warnings, perf-hooks, gc, async-hooks or web-socket, found "tsl": did you mean "tls"?',
  ],
  [
    'a version',
    `since: ▸eighteen\ndo:\n  - check: { http.METHODS: !any }`,
    'expected a version of Node, such as 18.0.0, found text',
  ],
  [
    'a column that is used nowhere',
    `each:\n  columns: [name, ▸other]\n  rows: [[a, b]]\ndo:\n  - check: { http.METHODS: !any }`,
    'the column "other" is used nowhere: write {other} where its values belong',
  ],
  [
    'a row that is too short',
    `each:\n  columns: [name, value]\n  rows: [▸[a]]\ndo:\n  - check: { "http[{name}]": "{value}" }`,
    'the row does not fit the columns: value missing',
  ],
  [
    'a row that lacks a column',
    `each:\n  - { name: a, value: 1 }\n  - ▸{ name: b }\ndo:\n  - check: { "http[{name}]": "{value}" }`,
    'the row lacks "value"',
  ],
  [
    'a column that is not there',
    `do:\n  - check: { http.METHODS: {▸methods} }`,
    '"methods" has no value: it names no column of "each" and nothing in "disputed"; as a key of a map, write "methods: null"',
  ],
  [
    'disputed without why',
    `▸disputed: { documented: { a: 1 }, node: { a: 2 } }\ndo:\n  - check: { http.METHODS: "{a}" }`,
    '"disputed" needs "why": what the documentation says, where, and what Node does',
  ],
  [
    'disputed steps',
    `▸disputed: { why: w, documented: { a: 1 }, node: { a: 2 } }\ndo:\n  - http.get: ["{a}"]\n    returns: !any`,
    'the two outcomes must perform the same steps: {name} may stand in expectations only',
  ],
  [
    'disputed with a name on one side',
    `disputed: { why: w, documented: { a: 1, b: ▸2 }, node: { a: 2 } }\ndo:\n  - check: { http.METHODS: "{a}", http.maxHeaderSize: "{b}" }`,
    '"b" is missing in "node"',
  ],
];

/** Whole texts. */
const TEXTS: [string, string, string][] = [
  [
    'YAML',
    `- id: http.a\n  title: [a▸`,
    'not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['a key that stands twice', `- id: http.a\n  ▸id: http.b\n`, 'this key stands twice in the same map'],
  [
    'an alias',
    `- id: http.a\n  title: ▸*x\n`,
    'no aliases: everything a vector does stands in it (for values, use let)',
  ],
  ['a file that is no list', `▸id: http.a\n`, 'expected a list of vectors, found a map'],
  ['a missing id', `- ▸covers: [http/x]\n  title: t\n  do: [{ check: { http.METHODS: !any } }]\n`, '"id" is missing'],
  [
    'an id of no module',
    `- id: ▸https.a\n  covers: [http/x]\n  title: t\n  do: [{ check: { http.METHODS: !any } }]\n`,
    'expected parts of letters, digits, - and _, joined by dots, the first http or http2 (in a table, give odd values a column for the id), found "https.a"',
  ],
  [
    'covers that is empty',
    `- id: http.a\n  covers: ▸[]\n  title: t\n  do: [{ check: { http.METHODS: !any } }]\n`,
    'expected a list that is not empty (ids of the requirements that it tests)',
  ],
];

describe('a malformed vector', () => {
  for (const [name, lines, message] of IN_A_VECTOR) {
    it(`is reported at its place: ${name}`, () => {
      const text = vectorText(lines, lines.includes('each:') ? 'http.{name}' : undefined);
      const { text: yaml, line, column } = lines.includes('▸') ? marked(text) : { text, line: 1, column: 7 };
      const [fault, ...more] = faultsOf(yaml);
      expect(more, 'one fault alone').to.deep.equal([]);
      expect(fault?.message.slice(0, message.length)).to.equal(message);
      expect(fault).to.include({ file: 'test.yaml', line, column });
    });
  }
  for (const [name, text, message] of TEXTS) {
    it(`is reported at its place: ${name}`, () => {
      const { text: yaml, line, column } = marked(text);
      const [fault] = faultsOf(yaml);
      expect(fault).to.deep.equal({ file: 'test.yaml', line, column, message });
    });
  }

  it('is left out of the plan, the others stay', () => {
    const good = vectorText('do: [check: { http.METHODS: !any }]', 'http.good');
    const { vectors, faults } = compileText(good + vectorText('do: [check: { htp.METHODS: !any }]'), 'test.yaml');
    expect(faults).to.have.length(1);
    expect(vectors.map(({ id }) => id)).to.deep.equal(['http.good']);
  });

  it('has all its faults listed, in order', () => {
    const { faults } = compileText(
      vectorText('tmeout: 1\ndo:\n  - htp.get: []\n  - wait: 5\nneeds: [x]\ntrace: [a b]'),
      'test.yaml',
    );
    expect(faults.map(({ line }) => line)).to.deep.equal([4, 6, 7, 8, 9]);
  });
});

describe('a malformed set of vectors', () => {
  const body = 'do: [check: { http.METHODS: !any }]';
  const across: [string, string, string][] = [
    [
      'an id that is taken',
      `${vectorText(body, 'http.a')}${vectorText(body, '▸http.a')}`,
      'the id "http.a" of a vector is taken: the first is at test.yaml:1',
    ],
    [
      'a table whose ids are the same',
      vectorText(`each: [{ a: 1 }, { a: 2 }]\ndo: [check: { http.METHODS: "{a}" }]`, '▸http.a'),
      'the id "http.a" of a vector is taken: rows of "each" must give ids that differ',
    ],
    [
      'a dependency',
      vectorText(`depends: [▸http.tset]\n${body}`),
      'unknown vector "http.tset" in "depends": did you mean "http.test"?',
    ],
    [
      'a circle of dependencies',
      `${vectorText(`depends: [http.b]\n${body}`, 'http.a')}${vectorText(`depends: [▸http.a]\n${body}`, 'http.b')}`,
      'vectors depend on each other in a circle: http.a → http.b → http.a',
    ],
  ];
  for (const [name, text, message] of across) {
    it(`is reported: ${name}`, () => {
      const { text: yaml, line, column } = marked(text);
      expect(faultsOf(yaml)).to.deep.equal([{ file: 'test.yaml', line, column, message }]);
    });
  }

  it('is reported: an unknown requirement', () => {
    const requirement = {
      id: 'http/y',
      module: 'http',
      section: 's',
      kind: 'event',
      says: '…',
      file: 'r.yaml',
      line: 1,
    };
    const { faults } = compileText(vectorText(body), 'test.yaml', { requirements: [requirement] });
    expect(faults).to.deep.equal([
      { file: 'test.yaml', line: 2, column: 12, message: 'unknown requirement "http/x": did you mean "http/y"?' },
    ]);
  });
});

describe('a malformed requirement', () => {
  const texts: [string, string, string][] = [
    ['kind', '- id: http/x\n  section: s\n  kind: ▸evnt\n  says: x\n', 'found "evnt": did you mean "event"?'],
    ['key', '- id: http/x\n  section: s\n  kind: event\n  ▸say: x\n', 'unknown key "say": did you mean "says"?'],
    ['id', '- id: ▸agent.x\n  section: s\n  kind: event\n  says: x\n', 'found "agent.x"'],
    [
      'id twice',
      '- { id: http/x, section: s, kind: event, says: x }\n- { id: ▸http/x, section: s, kind: event, says: x }\n',
      'the id "http/x" of a requirement is taken: the first is at r.yaml:1',
    ],
  ];
  for (const [name, text, message] of texts) {
    it(`is reported at its place: ${name}`, () => {
      const { text: yaml, line, column } = marked(text);
      const { faults } = compileRequirements(yaml, 'r.yaml');
      expect(
        faults.some((fault) => fault.message.includes(message) && fault.line === line && fault.column === column),
        JSON.stringify(faults),
      ).to.equal(true);
    });
  }
});
