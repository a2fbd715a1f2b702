import { expect } from 'chai';
import type { PeerScript, PeerStep, WirePart } from '../plan.js';
import { only, vectorText } from './testing/texts.js';

const SERVER = '\ndo:\n  - server = http2.createServer: []\n  - listen: server\n  - check: { server.listening: true }';

function peer(text: string): PeerScript {
  return only(vectorText(`peer:\n${text.replace(/^/gm, '  ')}${SERVER}`)).peers[0]!;
}

const body = ({ n: _n, line: _line, text: _text, ...rest }: PeerStep): object => rest;
const bytes = (text: string): WirePart => ({ bytes: Buffer.from(text).toString('base64') });

describe('an HTTP/1 peer', () => {
  it('receives and sends', () => {
    const { script } = peer(
      `
http1-server:
  - accept
  - reply: !http |
      HTTP/1.1 200 OK
      Content-Length: 0
  - receive: { request: { method: GET, headers: { a: x }, trailers: {} } }
  - send: { data: [a, !text { repeat: b, times: 9 }], chunk: 1 }
  - closed: { after: 90ms, before: 3s, how: reset }`.trim(),
    );
    expect(script.map(body)).to.deep.equal([
      { op: 'accept', as: 'c1' },
      { op: 'receive', what: { kind: 'request', matcher: null } },
      { op: 'send', parts: [bytes('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')] },
      {
        op: 'receive',
        what: {
          kind: 'request',
          matcher: {
            $: 'partial',
            props: { method: 'GET', headers: { $: 'partial', props: { a: 'x' } }, trailers: {} },
          },
        },
      },
      { op: 'send', parts: [bytes('a'), { repeat: 'b', times: 9 }], chunk: 1 },
      { op: 'closed', after: 90, before: 3000, how: 'reset' },
    ]);
  });

  it('serves every connection', () => {
    const [step] = peer('http1-server:\n  - serve: x').script;
    expect(step).to.deep.include({ op: 'each-connection' });
    const [turn] = (step as Extract<PeerStep, { op: 'each-connection' }>).do as Extract<PeerStep, { op: 'repeat' }>[];
    expect(turn).to.include({ op: 'repeat', times: null });
    expect(turn?.do.map(({ op }) => op)).to.deep.equal(['receive', 'send']);
  });

  it('receives responses and bytes', () => {
    const { script } = peer(
      `
http1-client:
  - connect: { to: server, as: one, tls: { alpn: [h2] } }
  - receive: response
  - receive: { status: 200 }
  - receive: { head: { status: 204 } }
  - receive: { bytes: 5, is: hello }
  - receive: { until: "\\r\\n" }
  - receive: { all: x }
  - use: one`.trim(),
    );
    expect(script.map(body)).to.deep.equal([
      { op: 'connect', to: 'server', as: 'one', tls: { alpn: ['h2'] } },
      { op: 'receive', what: { kind: 'response', matcher: null } },
      { op: 'receive', what: { kind: 'response', matcher: { $: 'partial', props: { status: 200 } } } },
      { op: 'receive', what: { kind: 'response', matcher: { $: 'partial', props: { status: 204 } }, head: true } },
      { op: 'receive', what: { kind: 'bytes', count: 5, matcher: 'hello' } },
      { op: 'receive', what: { kind: 'until', text: '\r\n', matcher: null } },
      { op: 'receive', what: { kind: 'bytes', count: null, matcher: 'x' } },
      { op: 'use', as: 'one' },
    ]);
  });

  it('has options, and what it calls for is needed', () => {
    const vector = only(vectorText(`peer: { http1-server: { tls: true, unix: true, script: [accept] } }${SERVER}`));
    expect(vector.peers[0]).to.deep.include({ tls: {}, unix: true });
    expect(vector.needs).to.deep.equal(['tls', 'unix-socket']);
  });
});

describe('an HTTP/2 peer', () => {
  it('sends frames', () => {
    const { script } = peer(
      `
http2-client:
  - connect: server
  - send: [PREFACE, { SETTINGS: {} }, !hex "00"]
  - send: { SETTINGS: { settings: { enablePush: false, 8: 1 } } }
  - send: { HEADERS: { stream: 1, flags: [END_HEADERS], fields: [[a, b], [c, d, sensitive]], priority: { parent: 0, weight: 16, exclusive: true } } }
  - send: { DATA: { stream: 1, flags: 9, raw: !hex "ff00", length: 5 } }
  - handshake: { initialWindowSize: 0 }
  - credit`.trim(),
    );
    expect(script.slice(1).map(body)).to.deep.equal([
      { op: 'send', parts: [{ preface: true }, { frame: { type: 'SETTINGS' } }, { bytes: 'AA==' }] },
      { op: 'send', parts: [{ frame: { type: 'SETTINGS', settings: { enablePush: 0, 8: 1 } } }] },
      {
        op: 'send',
        parts: [
          {
            frame: {
              type: 'HEADERS',
              stream: 1,
              flags: ['END_HEADERS'],
              fields: [
                ['a', 'b'],
                ['c', 'd', 'sensitive'],
              ],
              priority: { parent: 0, weight: 16, exclusive: true },
            },
          },
        ],
      },
      { op: 'send', parts: [{ frame: { type: 'DATA', stream: 1, flags: 9, raw: '/wA=', length: 5 } }] },
      { op: 'handshake', settings: { initialWindowSize: 0 } },
      { op: 'credit' },
    ]);
  });

  it('compares frames and messages in part', () => {
    const { script } = peer(
      `
http2-server:
  - accept: one
  - receive: SETTINGS
  - receive: { HEADERS: { stream: 1, flags: [END_STREAM, END_HEADERS], headers: { ":path": / } } }
  - next: { DATA: { stream: !gt 1 } }
  - never: { RST_STREAM: { stream: 1 } }
  - receive: { message: { stream: 1, body: x } }
  - receive: { message: { stream: 3 } }`.trim(),
    );
    expect(script.slice(1).map((step) => ('what' in step ? step.what : step.op))).to.deep.equal([
      { kind: 'frame', type: 'SETTINGS', matcher: null },
      {
        kind: 'frame',
        type: 'HEADERS',
        stream: 1,
        matcher: {
          $: 'partial',
          props: {
            flags: { $: 'unordered', items: ['END_STREAM', 'END_HEADERS'] },
            headers: { $: 'partial', props: { ':path': '/' } },
          },
        },
      },
      { kind: 'frame', type: 'DATA', matcher: { $: 'partial', props: { stream: { $: 'compare', gt: 1 } } } },
      { kind: 'frame', type: 'RST_STREAM', stream: 1, matcher: null },
      { kind: 'message', stream: 1, matcher: { $: 'partial', props: { body: 'x' } } },
      { kind: 'message', stream: 3, matcher: null },
    ]);
    expect(script[2]?.text).to.equal('receive HEADERS on stream 1');
  });
});
