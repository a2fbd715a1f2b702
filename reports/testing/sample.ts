/** Results made by hand: every verdict, both modules, and text that breaks careless writers. */

import type { DocumentedRequirement, DocumentedSection, Result, Results, Summary } from '../model.js';
import { count } from '../verdicts.js';

/** Ends script elements, comments, CDATA, table cells and fences; forbidden in XML; half a surrogate pair. */
export const HOSTILE = '</script><!-- ]]> | ``` <b>&amp;"\' \u0000\u001b[31m\ud800 \ufffe \u2028';

const run = (id: string): string => `plumbline run --target bun@1.3.1 --filter ${id}`;

export const SAMPLE: readonly Result[] = [
  {
    id: 'http.agent.max-sockets.queues-beyond-limit',
    title: 'A second request to the same origin waits in agent.requests until the socket is free',
    module: 'http',
    section: 'agentmaxsockets',
    covers: [
      {
        id: 'http.agent.maxSockets/queues',
        says: 'Requests beyond maxSockets for one origin wait in agent.requests until a socket frees up.',
      },
    ],
    source: 'http/agent.yaml:12',
    verdict: 'pass',
    ms: 6.2,
  },
  {
    id: 'http.request.sequence.premature-close-mid-body',
    title: 'A connection lost in the middle of a body aborts the response and closes the request',
    module: 'http',
    section: 'httprequesturl-options-callback',
    covers: [
      {
        id: 'http.request.sequence/premature-close-after-response',
        says: "If the connection closes after the response came, 'aborted', 'error' with ECONNRESET and 'close' follow on the response.",
      },
      { id: 'http.message.aborted/emitted', says: "'aborted' is emitted when the request has been aborted." },
    ],
    source: 'http/request-sequences.yaml:88',
    verdict: 'fail',
    ms: 34.8,
    reason:
      'trace: expected res error { code: ECONNRESET } after res aborted, got res end: a truncated body looks complete',
    failures: [
      {
        at: 'http/request-sequences.yaml:101',
        what: 'trace res error',
        expected: 'res error: Error { message: "aborted", code: "ECONNRESET" }',
        actual: 'res error: Error { message: "aborted", code: "ERR_STREAM_PREMATURE_CLOSE" }',
      },
      { at: 'http/request-sequences.yaml:104', what: 'check res.complete', expected: 'false', actual: 'true' },
    ],
    trace: [
      { t: 1.1, expected: 'req socket', actual: 'req socket', mark: 'same' },
      { t: 4.9, expected: 'req response', actual: 'req response: IncomingMessage {}', mark: 'same' },
      { t: 5.3, expected: 'res data +', actual: 'res data: Buffer "hello wo"', mark: 'same' },
      { t: 5.4, actual: 'note: { complete: false }', mark: 'info' },
      { t: 131.1, expected: 'check res.complete: false', actual: 'true', mark: 'info' },
      { t: 131.2, expected: 'res aborted', actual: 'res end', mark: 'diverges' },
      {
        t: 131.3,
        expected: 'res error: Error { message: "aborted", code: "ECONNRESET" }',
        actual: 'res error: Error { message: "aborted", code: "ERR_STREAM_PREMATURE_CLOSE" }',
        mark: 'unexpected',
      },
      { t: 131.9, expected: 'req close', actual: 'req close', mark: 'same' },
      { t: 132, actual: 'written(): undefined', mark: 'unexpected' },
      { expected: 'res close', mark: 'missing' },
    ],
    transcript: [
      { t: 0.8, peer: 'peer', connection: 'c1', kind: 'open' },
      {
        t: 1.6,
        peer: 'peer',
        connection: 'c1',
        kind: 'received',
        text: 'GET /greeting HTTP/1.1\\r\\nHost: 127.0.0.1:41233\\r\\nConnection: keep-alive\\r\\n\\r\\n',
      },
      {
        t: 2.0,
        peer: 'peer',
        connection: 'c1',
        kind: 'sent',
        text: 'HTTP/1.1 200 OK\\r\\nContent-Length: 11\\r\\n\\r\\nhello wo',
      },
      { t: 130.7, peer: 'peer', connection: 'c1', kind: 'reset' },
    ],
    reproduce: run('http.request.sequence.premature-close-mid-body'),
  },
  {
    id: 'http.message.headers.hostile-text',
    title: `A title with ${HOSTILE}`,
    module: 'http',
    section: 'messageheaders',
    covers: [{ id: 'http.message.headers/duplicates', says: `Says ${HOSTILE}` }],
    source: 'http/message.yaml:7',
    verdict: 'fail',
    ms: 1,
    reason: `Saw ${HOSTILE}\non two lines`,
    failures: [{ at: 'http/message.yaml:9', what: 'check res.headers', expected: HOSTILE, actual: `not ${HOSTILE}` }],
    trace: [{ t: 0, expected: 'req response', actual: HOSTILE, mark: 'diverges' }],
    transcript: [{ t: 0, peer: 'peer', connection: 'c1', kind: 'sent', text: HOSTILE }],
    reproduce: run('http.message.headers.hostile-text'),
  },
  {
    id: 'http.server.close-idle.during-upgrade',
    title: 'closeIdleConnections() leaves an upgraded connection alone',
    module: 'http',
    section: 'servercloseidleconnections',
    covers: [
      {
        id: 'http.server.closeIdleConnections/idle-only',
        says: 'Closes the connections that are not sending a request or waiting for a response.',
      },
    ],
    source: 'http/server.yaml:240',
    verdict: 'crash',
    ms: 12.4,
    reason: "uncaught: TypeError: undefined is not an object (evaluating 'this.socket.destroy')",
    trace: [
      { t: 0.4, expected: 'server listening', actual: 'server listening', mark: 'same' },
      { t: 3.8, expected: 'server upgrade', actual: 'server upgrade', mark: 'same' },
      { expected: 'closed()', mark: 'diverges' },
    ],
    reproduce: run('http.server.close-idle.during-upgrade'),
  },
  {
    id: 'http.server.headers-timeout.slow-head',
    title: 'A head that trickles in for longer than headersTimeout is answered with 408 and closed',
    module: 'http',
    section: 'serverheaderstimeout',
    covers: [
      {
        id: 'http.server.headersTimeout/closes',
        says: 'A client that has not sent all headers in time gets 408 without reaching the request listener.',
      },
    ],
    source: 'http/server-timeouts.yaml:31',
    verdict: 'timeout',
    ms: 10_002,
    reason: 'deadline of 10000 ms; the peer was waiting at `receive: { status: 408 }`',
    trace: [
      { t: 0.6, expected: 'server connection', actual: 'server connection', mark: 'same' },
      { expected: 'server clientError: Error { code: "ERR_HTTP_REQUEST_TIMEOUT" }', mark: 'diverges' },
    ],
    transcript: [
      { t: 0.5, peer: 'peer', connection: 'c1', kind: 'open' },
      { t: 0.7, peer: 'peer', connection: 'c1', kind: 'sent', text: 'GET / HTTP/1.1\\r\\nHost: a' },
    ],
    reproduce: run('http.server.headers-timeout.slow-head'),
  },
  {
    id: 'http.server.headers-timeout.does-not-fire-early',
    title: 'A head that is complete within headersTimeout is served',
    module: 'http',
    section: 'serverheaderstimeout',
    covers: [
      {
        id: 'http.server.headersTimeout/closes',
        says: 'A client that has not sent all headers in time gets 408 without reaching the request listener.',
      },
    ],
    source: 'http/server-timeouts.yaml:52',
    verdict: 'blocked',
    ms: 0,
    blockedBy: ['http.server.headers-timeout.slow-head'],
    reproduce: run('http.server.headers-timeout.does-not-fire-early'),
  },
  {
    id: 'http.agent.unix-socket.name',
    title: 'getName() of a request to a Unix socket ends with its path',
    module: 'http',
    section: 'agentgetnameoptions',
    covers: [
      { id: 'http.agent.getName/socket-path', says: 'The name of a request to a Unix socket holds socketPath.' },
    ],
    source: 'http/agent.yaml:201',
    verdict: 'not-applicable',
    ms: 0,
    reason: 'needs unix-socket',
  },
  {
    id: 'http.request.sequence.abort-before-response',
    title: "abort() before a response emits 'abort', 'error' and 'close' in this order",
    module: 'http',
    section: 'httprequesturl-options-callback',
    covers: [{ id: 'http.request.sequence/abort-before-connect', says: "'abort', 'error' (socket hang up), 'close'." }],
    source: 'http/request-sequences.yaml:140',
    verdict: 'disputed',
    ms: 5,
    shows: 'node',
    reason:
      'request "close" is listed before "error" (section httprequesturl-options-callback); Node 23.5.0 emits it after',
  },
  {
    id: 'http2.session.settings.known-failure',
    title: 'localSettings reflects a settings() call only once it is acknowledged',
    module: 'http2',
    section: 'http2sessionsettingssettings-callback',
    covers: [
      {
        id: 'http2.session.settings/pending',
        says: 'pendingSettingsAck is true until the other side has acknowledged.',
      },
    ],
    source: 'http2/session.yaml:77',
    verdict: 'fail',
    ms: 3.1,
    reason: 'check session.localSettings.initialWindowSize: expected 65535, got 1024',
    expected: { verdict: 'fail', reason: 'tracked upstream since 1.2' },
    failures: [
      {
        at: 'http2/session.yaml:84',
        what: 'check session.localSettings.initialWindowSize',
        expected: '65535',
        actual: '1024',
      },
    ],
    reproduce: run('http2.session.settings.known-failure'),
  },
  {
    id: 'http2.session.ping.payload',
    title: 'ping() hands the payload it got back to the callback',
    module: 'http2',
    section: 'http2sessionpingpayload-callback',
    covers: [{ id: 'http2.session.ping/callback', says: 'The callback gets the error, the duration and the payload.' }],
    source: 'http2/session.yaml:120',
    verdict: 'pass',
    ms: 2.5,
    expected: { verdict: 'fail', reason: 'PING acknowledgements were dropped in 1.2' },
  },
  {
    id: 'http2.stream.push.disabled',
    title: 'pushStream() on a session whose client disabled push throws ERR_HTTP2_PUSH_DISABLED',
    module: 'http2',
    section: 'http2streampushstreamheaders-options-callback',
    covers: [{ id: 'http2.stream.pushStream/disabled', says: 'Throws when the peer does not accept push streams.' }],
    source: 'http2/stream.yaml:15',
    verdict: 'error',
    ms: 40,
    reason: 'the peer could not listen: EADDRNOTAVAIL',
    reproduce: run('http2.stream.push.disabled'),
  },
];

/** @param results Default: `SAMPLE`. */
export function sample(results: readonly Result[] = SAMPLE): Results {
  return {
    format: 1,
    suite: { name: 'http-plumbline', version: '0.1.0' },
    target: { id: 'bun@1.3.1', name: 'bun', version: '1.3.1', node: '24.3.0', platform: 'linux x64' },
    startedAt: '2025-11-21T20:38:04.120Z',
    command: 'plumbline run --target bun@1.3.1 --out reports/out',
    summary: summarize(results),
    results: [...results],
    documentation: documentationOf(results),
  };
}

/** Every section with what its results cover; the first has a requirement more that none covers, and one that none can. */
function documentationOf(results: readonly Result[]): DocumentedSection[] {
  const sections = new Map<string, { section: DocumentedSection; requirements: Map<string, DocumentedRequirement> }>();
  for (const { module, section: anchor, covers, verdict } of results) {
    const key = `${module}#${anchor}`;
    const known = sections.get(key) ?? {
      section: { module, anchor, heading: `Heading of ${anchor}`, level: 3, requirements: [] },
      requirements: new Map<string, DocumentedRequirement>(),
    };
    sections.set(key, known);
    for (const { id, says } of covers) {
      const requirement = known.requirements.get(id) ?? { id, says, vectors: 0, disputed: 0 };
      known.requirements.set(id, requirement);
      requirement.vectors++;
      if (verdict === 'disputed') requirement.disputed++;
    }
  }
  const all = [...sections.values()].map(({ section, requirements }) => ({
    ...section,
    requirements: [...requirements.values()],
  }));
  all[0]?.requirements.push(
    { id: 'http.open/never', says: 'Nothing checks this.', vectors: 0, disputed: 0 },
    { id: 'http.hidden/never', says: `Says ${HOSTILE}`, vectors: 0, disputed: 0, untestable: 'it cannot be seen' },
  );
  return all;
}

/** So many results with ids of their own, spread over sections; about one in twelve did not pass. */
export function many(total: number, sections = 120): Results {
  const results = Array.from({ length: total }, (_, index): Result => {
    const base = SAMPLE[index % 12 === 0 ? (index / 12) % SAMPLE.length : 0]!;
    const number = String(index).padStart(5, '0');
    const section = `${base.section}-${index % Math.ceil(sections / 6)}`;
    return { ...base, id: `${base.id}.${number}`, title: `${base.title} (${number})`, section };
  });
  return sample(results);
}

function summarize(results: readonly Result[]): Summary {
  const { 'not-applicable': notApplicable, ...counts } = count(results);
  const ms = results.reduce((sum, result) => sum + result.ms, 0);
  return { ...counts, notApplicable, total: results.length, ms };
}
