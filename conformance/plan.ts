/**
 * The shape of a compiled vector: what compiler, executor, peers and judge agree on.
 * Everything here is JSON; this file imports nothing. The format for people is described in vectors/README.md.
 */

// ---------------------------------------------------------------------------------------------------------- values

/** JSON, with `{ $: kind }` for what JSON lacks. A map with a key `$` is written as `{ $: 'object' }`. */
export type Value = null | boolean | number | string | Value[] | Tagged | { [key: string]: Value };

/** Values that a step passes to the implementation; each is one YAML tag. */
export type Tagged =
  | { $: 'undefined' }
  | { $: 'nan' }
  | { $: 'infinity'; negative?: boolean }
  | { $: 'bigint'; value: string }
  | { $: 'bytes'; base64: string; view: 'Buffer' | 'Uint8Array' | 'DataView' | 'ArrayBuffer' }
  | { $: 'repeat'; text: string; times: number; view: 'string' | 'Buffer' | 'Uint8Array' }
  | { $: 'url'; href: string }
  | { $: 'date'; iso: string }
  | { $: 'map'; entries: [Value, Value][] }
  | { $: 'set'; items: Value[] }
  | { $: 'headers'; entries: [string, string][] }
  | { $: 'object'; proto: 'null' | 'Object'; entries: [string | Path, Value][] }
  | { $: 'error'; name: string; message: string; props: { [key: string]: Value } }
  /** What a path evaluates to. */
  | { $: 'ref'; path: Path }
  /** Text with evaluated paths in it. */
  | { $: 'fmt'; parts: (string | Path)[] }
  | Fn
  /** A function whose every call is a trace line `name()` with its arguments. */
  | { $: 'callback'; name: string /** For each argument, from the trace. */; shapes?: Shape[] }
  /** The path of a file with these bytes, made before the vector and removed after it. */
  | { $: 'file'; name: string; base64: string }
  /** A path in the vector's temporary directory that does not exist yet: for Unix sockets and files to be made. */
  | { $: 'temp'; name: string };

/** A function passed to the implementation, its body made of steps. */
export interface Fn {
  $: 'fn';
  params: string[];
  /** The last parameter takes the remaining arguments. */
  rest?: boolean;
  do: Step[];
  /** The function returns a promise that settles when its body has. */
  async?: boolean;
}

/** A matcher is a Value (deep equality; a map against a class instance compares the named properties only) or one of these. */
export type Matcher = Value | MatcherTag | Matcher[] | { [key: string]: Matcher };

export type MatcherTag =
  | { $: 'any' }
  /** `typeof`, or `null`, `array`, `integer`. */
  | { $: 'type'; type: string }
  | { $: 'match'; pattern: string; flags: string }
  | { $: 'compare'; gt?: number; gte?: number; lt?: number; lte?: number }
  | { $: 'one-of'; choices: Matcher[] }
  | { $: 'not'; matcher: Matcher }
  /** An array with such an item, or a string with such a part. */
  | { $: 'contains'; items: Matcher[] }
  /** A plain object with at least these properties. */
  | { $: 'partial'; props: { [key: string]: Matcher } }
  /** The same items in any order. */
  | { $: 'unordered'; items: Matcher[] }
  | { $: 'length'; matcher: Matcher }
  /** An instance of the class of this name, or of one derived from it; optionally with these properties. */
  | { $: 'instance'; class: string; props?: { [key: string]: Matcher } }
  /** As a property: must not be there. */
  | { $: 'absent' }
  | { $: 'function' }
  | { $: 'symbol'; description: string };

// ----------------------------------------------------------------------------------------------------------- paths

/** `req.headers[set-cookie][0]`, `server.address().port`, `server[Symbol.asyncDispose]`. */
export interface Path {
  root: string;
  steps: PathStep[];
  /** As written. */
  text: string;
}

/** `args`: what the paths evaluate to. */
export type PathStep = { key: string } | { computed: Path } | { call: true; args?: Path[] };

/** What `check`, `note` and `set` read. Without `op` it is a path. */
export interface Expression {
  op?: 'typeof' | 'instanceof' | 'is' | 'in';
  left: Path;
  /** The right-hand operand of `instanceof` and `is`; of `in` the left operand is `key`. */
  right?: Path;
  key?: string;
  text: string;
}

/** Built-in modules that a path may start with; the runtime's own. */
export const BUILTINS = [
  'async_hooks',
  'buffer',
  'crypto',
  'diagnostics_channel',
  'dns',
  'events',
  'fs',
  'net',
  'os',
  'path',
  'perf_hooks',
  'stream',
  'timers',
  'tls',
  'url',
  'util',
] as const;

/** Globals that a path may start with. */
export const GLOBALS = [
  'AbortController',
  'AbortSignal',
  'Array',
  'ArrayBuffer',
  'BigInt',
  'Blob',
  'Boolean',
  'Buffer',
  'DataView',
  'Date',
  'Error',
  'EventTarget',
  'Function',
  'Headers',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'Proxy',
  'RangeError',
  'Reflect',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TypeError',
  'URL',
  'URLSearchParams',
  'Uint8Array',
  'WebSocket',
  'clearTimeout',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setTimeout',
] as const;

/** The modules under test. */
export const MODULES = ['http', 'http2'] as const;
export type ModuleName = (typeof MODULES)[number];

// ----------------------------------------------------------------------------------------------------------- steps

/** How much of a class instance is recorded: the named properties. `true`: what it is by default. */
export type Shape = true | { [key: string]: Shape };

interface StepBase {
  /** Unique within the vector; what the executor records for this step carries it. */
  n: number;
  /** Line in the source file. */
  line: number;
  /** As shown to a person: `http.get`, `check req.path`. */
  text: string;
}

export type Step = StepBase & StepBody;

export type StepBody =
  | {
      op: 'call';
      path: Path;
      args: Value[];
      construct?: true;
      await?: true;
      bind?: string;
      /** Recorded as the outcome of step `n`; without `throws` or `rejects` a throw ends the vector. */
      throws?: Matcher;
      rejects?: Matcher;
      returns?: Matcher;
      shape?: Shape;
    }
  | { op: 'let'; items: { name: string; value: Value }[] }
  | { op: 'check'; items: CheckItem[] }
  /** With `throws` there is one item. */
  | { op: 'set'; items: { path: Path; value: Value }[]; throws?: Matcher; shape?: Shape }
  | { op: 'delete'; path: Path }
  /** Until every label has happened `count` times more than earlier waits have used up. */
  | { op: 'wait'; labels: { label: string; count: number }[] }
  | { op: 'sleep'; ms: number }
  /** `tick`: process.nextTick; `immediate`: setImmediate; `microtask`. */
  | { op: 'yield'; to: 'tick' | 'immediate' | 'microtask' }
  /** `index` names the counter, from 0. */
  | { op: 'repeat'; times: number; index?: string; do: Step[] }
  /** A trace line `note` with this text, or with an object of what the expressions evaluate to. */
  | { op: 'note'; message: string }
  | { op: 'note'; items: { key: string; expression: Expression; shape?: Shape }[] }
  | { op: 'on'; path: Path; event: string; once?: true; listener: Fn }
  | { op: 'listen'; name: string; host?: string; port?: number; socket?: Path }
  /** Reads a stream to its end ('data' and 'end'; settles on 'error', 'close' too); binds the bytes as `view`. */
  | { op: 'consume'; path: Path; bind?: string; view: 'string' | 'Buffer' }
  /** `for await (const as of path)`; a throw by the iterator is an outcome when `rejects` is given. */
  | { op: 'iterate'; path: Path; as: string; do: Step[]; limit?: number; rejects?: Matcher; shape?: Shape }
  | { op: 'throw'; value: Value }
  | { op: 'return'; value: Value }
  | {
      op: 'class';
      name: string;
      extends?: Path;
      /** Arguments for `super()`; without it all arguments are passed on. */
      construct?: { params: string[]; rest?: boolean; super?: Value[]; do: Step[] };
      methods: { name: string | Path; static?: true; get?: true; fn: Fn }[];
    };

export interface CheckItem {
  expression: Expression;
  matcher: Matcher;
  shape?: Shape;
}

// ----------------------------------------------------------------------------------------------------------- trace

/** Events to record by wrapping `emit` on whatever the name is bound to, from the moment it is bound. */
export interface Observation {
  name: string;
  events: {
    event: string;
    /** False: needed by a `wait` only, no line in the trace. */
    traced: boolean;
    /** Names for the event's arguments, bound without adding a listener. */
    bind?: string[];
    /** For each argument. */
    shapes: Shape[];
  }[];
}

/** What the trace must look like. Labels: `req close` (event), `written()` (callback), `note`. */
export type Pattern =
  | {
      p: 'line';
      label: string;
      /** A matcher for each argument; further arguments are not compared. */
      data?: Matcher[];
      min: number;
      /** null: no limit. */
      max: number | null;
      /** Milliseconds since the latest line `since` (or since the vector's start). */
      after?: number;
      before?: number;
      since?: string;
      line: number;
    }
  | { p: 'seq'; items: Pattern[] }
  /** The columns' lines may interleave in any way. */
  | { p: 'any-order'; columns: Pattern[] };

// ----------------------------------------------------------------------------------------------------------- peers

export type PeerKind = 'http1-server' | 'http1-client' | 'http2-server' | 'http2-client';

/** A scripted peer, run by the trusted runtime. */
export interface PeerScript {
  /** `peer` unless the vector names several. */
  name: string;
  kind: PeerKind;
  /** Server peers: TLS with these protocols offered; client peers name TLS in `connect`. */
  tls?: TlsOptions;
  /** Server peers: listen on a Unix socket instead of 127.0.0.1. */
  unix?: true;
  /** Server peers: address to listen on, default 127.0.0.1. */
  host?: string;
  /** HTTP/2: acknowledge SETTINGS and PING by oneself unless true. */
  manual?: boolean;
  script: PeerStep[];
}

export interface TlsOptions {
  alpn?: string[];
  servername?: string;
}

export type PeerStep = { n: number; line: number; text: string } & PeerStepBody;

export type PeerStepBody =
  /** Server: the next connection becomes the current one, under this name. */
  | { op: 'accept'; as: string }
  /** Server: runs the script for each further connection, side by side, until the vector ends. */
  | { op: 'each-connection'; do: PeerStep[] }
  /** Client: waits until the executor listens under that name. */
  | { op: 'connect'; to: string; as: string; tls?: TlsOptions }
  /** Makes an earlier connection the current one. */
  | { op: 'use'; as: string }
  /** `chunk`: bytes in one write; without it, all. `every`: milliseconds between two writes. */
  | { op: 'send'; parts: WirePart[]; chunk?: number; every?: number }
  /** Client, HTTP/1: on a new connection for each place at which the bytes can be cut in two, sends both and performs `do`. */
  | { op: 'every-split'; to: string; parts: WirePart[]; do: PeerStep[] }
  /** What comes first of these, within so many milliseconds; `other` is waited for as well, and is none of them. */
  | { op: 'any-of'; choices: Choice[]; within: number; other?: Expected }
  /** The next unread message or frame of the kind. `until-closed`: a message whose end is the end of the connection. */
  | { op: 'receive'; what: Expected; shape?: never }
  /** HTTP/2: the very next unread frame. */
  | { op: 'next'; what: Extract<Expected, { kind: 'frame' }> }
  /** HTTP/2: by the vector's end no such frame has come on the current connection. */
  | { op: 'never'; what: Extract<Expected, { kind: 'frame' }> }
  /** Nothing arrives for so long. */
  | { op: 'silent'; ms: number }
  /** The other side ends or resets the connection, so many ms after the previous step. */
  | { op: 'closed'; after?: number; before?: number; how?: 'end' | 'reset' }
  | { op: 'wait'; label: string }
  | { op: 'sleep'; ms: number }
  /** Lets the executor's `wait: <peer name> <mark>` go on. */
  | { op: 'mark'; name: string }
  | { op: 'end' }
  | { op: 'destroy' }
  | { op: 'reset' }
  | { op: 'pause' }
  | { op: 'resume' }
  /** `times` null: for as long as the connection lasts. */
  | { op: 'repeat'; times: number | null; do: PeerStep[] }
  /** Server: how many connections have been accepted by the vector's end. */
  | { op: 'connections'; matcher: Matcher }
  /** HTTP/2: preface (client) and SETTINGS; waits for the other side's SETTINGS. */
  | { op: 'handshake'; settings: { [name: string]: number } }
  /** HTTP/2: from here on, credit received DATA at once (WINDOW_UPDATE on stream and connection). */
  | { op: 'credit' };

export type Expected =
  /** HTTP/1: { method, target, version, headers, rawHeaders, body, trailers } of a request. */
  | { kind: 'request'; matcher: Matcher | null }
  /** HTTP/1: { status, reason, version, headers, rawHeaders, body, trailers }. `head`: the answer to a HEAD request. */
  | { kind: 'response'; matcher: Matcher | null; head?: boolean }
  /** HTTP/1: this many bytes (or, with null, all until the connection ends), as text (latin1). */
  | { kind: 'bytes'; count: number | null; matcher: Matcher }
  /** HTTP/1: bytes up to and including this text. */
  | { kind: 'until'; text: string; matcher: Matcher | null }
  /** HTTP/2: a frame of this type (and on this stream). */
  | { kind: 'frame'; type: string; stream?: number; matcher: Matcher | null }
  /** HTTP/2: all of a message on a stream: { headers, fields, body, trailers, informational }. */
  | { kind: 'message'; stream: number; matcher: Matcher | null };

/** One of several reactions that are allowed; `nothing`: none of the others in time. */
export type Choice = Expected | { kind: 'closed' } | { kind: 'nothing' };

export type WirePart =
  | { bytes: string /* base64 */ }
  | { repeat: string; times: number }
  /** Text with evaluated paths (from `exports`). */
  | { fmt: (string | Path)[] }
  | { preface: true }
  | { frame: WireFrame };

/** A frame to send; fields as for the frame type in vectors/README.md. `raw` replaces the payload, `length` the length field. */
export interface WireFrame {
  type: string;
  flags?: string[] | number;
  stream?: number;
  raw?: string /* base64 */;
  length?: number;
  [field: string]: unknown;
}

// ---------------------------------------------------------------------------------------------------------- vector

export const CAPABILITIES = [
  'tls',
  'unix-socket',
  'ipv6',
  'files',
  'process-warnings',
  'perf-hooks',
  'gc',
  'async-hooks',
  'web-socket',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** The suites of vectors that judge by bytes alone: whom they judge. */
export const WIRE_SUITES = ['http1-server', 'http1-client', 'http2-server', 'http2-client'] as const;
export type WireSuite = (typeof WIRE_SUITES)[number];

/** The requirement levels of RFC 2119. */
export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;

/** What a vector of a wire suite rests on. */
export interface WireBasis {
  suite: WireSuite;
  /** Number of the RFC and of its section: `9112#3.2`. */
  rfc: string;
  level: (typeof LEVELS)[number];
  /** The attack that it guards against: `CVE-2023-44487`. */
  cve?: string;
  /** The server must answer with the method, target and body that it has read. */
  echo?: true;
}

export interface Vector {
  id: string;
  title: string;
  /** Of a wire suite: performed by its peer alone. */
  wire?: WireBasis;
  /** Requirement ids; none in wire suites. */
  covers: string[];
  module: string;
  section: string;
  /** Source file relative to the vectors' root, and line. */
  file: string;
  line: number;
  /** Versions of Node that have the behaviour: at least one of these (backports: one for each release line). */
  since?: string[];
  /** First versions without it: the newest, and one for each older release line that lost it too. */
  until?: string[];
  needs: Capability[];
  depends: string[];
  /** Alone in its process; `fresh`: and in a new one. */
  exclusive: boolean | 'fresh';
  /** Milliseconds the vector may take. */
  timeout: number;
  /** Milliseconds without a forbidden event at the end. */
  settle: number;
  uses: ModuleName[];
  peers: PeerScript[];
  observe: Observation[];
  steps: Step[];
  /** How often each label must have happened before the settle time starts. */
  expects: { [label: string]: number };
  /** Labels some peer waits for. */
  signals: string[];
  trace?: Pattern;
  /** Paths whose values matchers and peers refer to; read as soon as they can be. */
  exports: Path[];
  /**
   * The expectation above is the documented one; this is what Node does: 23.5.0, or, with `since` and `until`, the versions that
   * they name, while all others do as documented. Steps perform the same.
   */
  disputed?: { why: string; since?: string[]; until?: string[]; node: Pick<Vector, 'trace' | 'steps' | 'peers'> };
}

/** A heading of the documentation. */
export interface Section {
  /** `http`, `http2` */
  module: string;
  /** Unique in the module. */
  anchor: string;
  /** As in the English documentation: `agent.destroy()`. */
  heading: string;
  /** 1 is the module's title. */
  level: number;
}

export interface Requirement {
  id: string;
  /** First part of the id. */
  module: string;
  /** Anchor of a section of its module. */
  section: string;
  kind: string;
  says: string;
  since?: string;
  untestable?: string;
  file: string;
  line: number;
}

export interface Plan {
  format: 1;
  /** Version of the suite. */
  version: string;
  /** In the order of the documentation, one module after the other; none where a folder of vectors lists none. */
  sections: Section[];
  requirements: Requirement[];
  vectors: Vector[];
}

// ------------------------------------------------------------------------------------------------------ recordings

/** A value as observed: JSON, with `{ $: kind }` for what JSON lacks. */
export type Seen = null | boolean | number | string | Seen[] | SeenTag | { [key: string]: Seen };

export type SeenTag =
  | { $: 'undefined' }
  | { $: 'nan' }
  | { $: 'infinity'; negative?: boolean }
  | { $: 'bigint'; value: string }
  | { $: 'symbol'; description: string }
  | { $: 'function'; name: string }
  /** `class`: Buffer, Uint8Array, ... Beyond LONG bytes only `length` and `sha256` are kept, and the first bytes. */
  | { $: 'bytes'; class: string; base64: string; length: number; sha256?: string }
  | { $: 'long'; head: string; length: number; sha256: string }
  | { $: 'error'; name: string; code?: Seen; message: string; classes: string[]; props: { [key: string]: Seen } }
  /** A class instance, or (class null) an object without prototype. `classes`: constructor names up the chain. */
  | { $: 'object'; class: string | null; classes: string[]; props: { [key: string]: Seen } }
  | { $: 'date'; iso: string }
  | { $: 'map'; entries: [Seen, Seen][] }
  | { $: 'set'; items: Seen[] }
  | { $: 'circular' }
  /** A plain map with a key `$`, or with symbol keys (named by their description in brackets). */
  | { $: 'plain'; entries: [string, Seen][] };

/** Strings and byte arrays longer than this are recorded by their hash. */
export const LONG = 16_384;

/** One line of what happened. `t`: milliseconds since the vector's start. */
export type Line = { t: number } & (
  | { k: 'event' | 'callback' | 'note'; label: string; data: Seen[] }
  /** What a check's item, a call's `returns` (item 0), or a peer's expectation saw. */
  | { k: 'saw'; n: number; item: number; value: Seen }
  /** How a step with `throws` or `rejects` ended. */
  | { k: 'outcome'; n: number; threw: Seen | null; returned?: Seen }
  /** The executor cannot go on: a step threw that should not have. */
  | { k: 'broken'; n: number; error: Seen }
);

export interface TranscriptEntry {
  /** Milliseconds since the vector's start. */
  t: number;
  connection: string;
  /** `sent`, `received`, or what happened to the connection. */
  kind: 'sent' | 'received' | 'open' | 'end' | 'reset' | 'close' | 'error';
  /** Escaped bytes (HTTP/1), or a decoded frame in one line (HTTP/2). */
  text?: string;
}

/** What a peer saw: lines for its expectations, and all that crossed the wire. */
export interface PeerRecord {
  name: string;
  lines: Line[];
  transcript: TranscriptEntry[];
  /** The step it was waiting at when the vector ended. */
  stuck?: { n: number; text: string };
  /** The peer itself failed (for instance a connection refused). */
  failed?: { n: number; message: string };
}

/** All that is known of one performance of a vector; the judge's input. */
export interface Recording {
  ms: number;
  lines: Line[];
  peers: PeerRecord[];
  /** Values of `exports` by the path's text. */
  exports: { [path: string]: Seen };
  /** Steps and peers came to their end; else `deadline`, or the implementation broke the process. */
  end: 'done' | 'deadline' | 'crash';
  stuck?: { n: number; text: string };
  /** For `crash`: exit, uncaught error, flood, hang, failure at import. */
  crash?: { kind: 'exit' | 'uncaught' | 'rejection' | 'flood' | 'hang' | 'import' | 'start'; message: string };
}

// -------------------------------------------------------------------------------------------------- the wire format

/** Controller to executor, one JSON text a line. The executor sends `hello` as soon as it can. */
export type ToExecutor =
  | { type: 'load'; module: ModuleName }
  | { type: 'run'; run: number; vector: Vector; peers: { [name: string]: PeerAddress } }
  /** A peer's mark, or `<peer> done`. */
  | { type: 'signal'; run: number; label: string }
  /** All peers are done: settle, report, tear down. */
  | { type: 'finish'; run: number }
  /** Its fault has been recorded: end it. */
  | { type: 'abandon'; run: number }
  /** Is the event loop alive? Answered by `pong`. */
  | { type: 'ping' };

export interface PeerAddress {
  host: string;
  port: number;
  /** Unix socket. */
  path?: string;
  /** Clients speak TLS to it whether or not their `connect` says so. */
  tls?: TlsOptions;
}

/** Executor to controller. */
export type FromExecutor =
  | { type: 'hello'; runtime: Runtime }
  | { type: 'loaded'; module: ModuleName; error?: string }
  | { type: 'listening'; run: number; name: string; address: PeerAddress }
  | { type: 'signal'; run: number; label: string }
  /** Values of `exports` known so far. */
  | { type: 'exports'; run: number; values: { [path: string]: Seen } }
  /** Steps are performed and expected labels have happened. */
  | { type: 'performed'; run: number }
  | {
      type: 'done';
      run: number;
      lines: Line[];
      exports: { [path: string]: Seen };
      stuck?: { n: number; text: string };
      ms: number;
    }
  /** An error that nobody caught; `run` where the runtime can tell whose it is. */
  | { type: 'fault'; kind: 'uncaught' | 'rejection'; message: string; run?: number }
  | { type: 'pong' };

/** Each line of the executor starts with this and the token of its command line: all else is the implementation's output. */
export const RECORD = '\u001e';

export interface Runtime {
  /** node, bun, deno. */
  name: string;
  version: string;
  /** The version of Node it says to be compatible with. */
  node: string;
  platform: string;
  capabilities: Capability[];
}
