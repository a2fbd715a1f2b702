import { expect } from 'chai';
import type { Line, Matcher, PeerStep, Seen, Vector } from '../plan.js';
import { type Judgement, judge } from './index.js';
import {
  anyOrder,
  call,
  check,
  error,
  event,
  events,
  line,
  path,
  peer,
  peerSaw,
  peerStep,
  receive,
  recording,
  saw,
  seq,
  step,
  threw,
  UNDEFINED,
  vector,
} from './testing/build.js';

const INFINITY: Seen = { $: 'infinity' };

function judgeSteps(steps: Vector['steps'], ...lines: Line[]): Judgement {
  return judge(vector({ steps }), recording(lines));
}

function judgePeer(script: PeerStep[], ...lines: Line[]): Judgement {
  return judge(vector({ peers: [peer(...script)] }), recording([], peerSaw(...lines)));
}

describe('judge', () => {
  describe('checks', () => {
    const steps = [check(3, { 'agent.maxSockets': 1, 'agent.sockets': { a: 1 } })];

    it('pass when every item was seen to match', () => {
      expect(judgeSteps(steps, saw(1, 3, 1), saw(1, 3, { a: 1 }, 1))).to.deep.equal({ verdict: 'pass', failures: [] });
    });

    it('fail with the expression, what was expected and what was seen', () => {
      const judgement = judgeSteps(steps, saw(1, 3, INFINITY), saw(1, 3, { a: 1 }, 1));
      expect(judgement.verdict).to.equal('fail');
      expect(judgement.reason).to.equal('check agent.maxSockets: expected 1, got Infinity');
      expect(judgement.failures).to.deep.equal([
        { at: 'http/x.yaml:30', what: 'check agent.maxSockets', expected: '1', actual: 'Infinity' },
      ]);
    });

    it('go on from the expression to the part that differs', () => {
      const { reason } = judgeSteps(steps, saw(1, 3, 1), saw(1, 3, { a: 2 }, 1));
      expect(reason).to.equal('check agent.sockets.a: expected 1, got 2');
    });

    it('fail when never reached, item by item', () => {
      const { verdict, reason, failures } = judgeSteps(steps, saw(1, 3, 1));
      expect([verdict, reason]).to.deep.equal(['fail', 'check agent.sockets was never reached']);
      expect(failures).to.deep.equal([
        { at: 'http/x.yaml:30', what: 'check agent.sockets', expected: '{a: 1}', actual: 'never reached' },
      ]);
    });

    it('fail when one of several times does not match', () => {
      const { reason } = judgeSteps([check(3, { i: 1 })], saw(1, 3, 1), saw(2, 3, 2), saw(3, 3, 3));
      expect(reason).to.equal('check i: expected 1, got 2 (time 2 of 3)');
    });
  });

  describe('finds what was never reached', () => {
    const inner = check(9, { x: 1 });
    const fn = { $: 'fn' as const, params: [], do: [inner] };
    const places: { [place: string]: Vector['steps'][number] } = {
      'in a listener': step(1, { op: 'on', path: path('req'), event: 'x', listener: fn }),
      'in an argument': step(1, { op: 'call', path: path('f'), args: [{ a: [fn] }] }),
      'in a binding': step(1, { op: 'let', items: [{ name: 'f', value: { $: 'map', entries: [['k', fn]] } }] }),
      'in a repetition': step(1, { op: 'repeat', times: 2, do: [inner] }),
      'in an iteration': step(1, { op: 'iterate', path: path('res'), as: 'x', do: [inner] }),
      'in a constructor': step(1, { op: 'class', name: 'A', construct: { params: [], do: [inner] }, methods: [] }),
      'in a method': step(1, { op: 'class', name: 'A', methods: [{ name: 'm', fn }] }),
      'in a function within a function': step(1, {
        op: 'return',
        value: { $: 'fn', params: [], do: [step(2, { op: 'set', items: [{ path: path('x.y'), value: fn }] })] },
      }),
    };
    for (const [place, outer] of Object.entries(places)) {
      it(place, () => {
        expect(judgeSteps([outer]).reason).to.equal('check x was never reached');
        expect(judgeSteps([outer], saw(1, 9, 1)).verdict).to.equal('pass');
      });
    }
  });

  describe('calls', () => {
    const expected: Matcher = { name: 'TypeError', code: 'ERR_INVALID_PROTOCOL' };
    const steps = [call(2, 'http.get', { throws: expected })];

    it('pass when they throw as expected', () => {
      expect(judgeSteps(steps, threw(1, 2, error('TypeError', 'ERR_INVALID_PROTOCOL', 'x'))).verdict).to.equal('pass');
    });

    it('fail when they do not throw', () => {
      const { reason, failures } = judgeSteps(steps, threw(1, 2, null));
      expect(reason).to.equal('http.get did not throw: expected TypeError ERR_INVALID_PROTOCOL');
      expect(failures[0]).to.include({ what: 'http.get', actual: 'no error' });
    });

    it('fail when they throw something else', () => {
      const { reason } = judgeSteps(steps, threw(1, 2, error('TypeError', 'ERR_OTHER', 'x')));
      expect(reason).to.equal(
        'http.get threw TypeError ERR_OTHER: expected .code "ERR_INVALID_PROTOCOL", got "ERR_OTHER"',
      );
    });

    it('may be those that do not throw', () => {
      const calm = [call(2, 'http.get', { throws: { $: 'one-of', choices: [{ code: 'E' }, { $: 'absent' }] } })];
      expect(judgeSteps(calm, threw(1, 2, null)).verdict).to.equal('pass');
      expect(judgeSteps(calm, threw(1, 2, error('Error', 'E', 'x'))).verdict).to.equal('pass');
      const never = [call(2, 'http.get', { throws: { $: 'absent' } })];
      expect(judgeSteps(never, threw(1, 2, null)).verdict).to.equal('pass');
      expect(judgeSteps(never, threw(1, 2, error('Error', 'E', 'x'))).verdict).to.equal('fail');
      const others = [call(2, 'http.get', { throws: { $: 'not', matcher: { code: 'E' } } })];
      expect(judgeSteps(others, threw(1, 2, null)).verdict).to.equal('fail');
    });

    it('fail when they were never made', () => {
      expect(judgeSteps(steps).reason).to.equal('http.get was never reached');
    });

    it('must reject, return, and iterations reject, as expected', () => {
      const rejecting = [call(2, 'server.close', { rejects: { code: 'E' } })];
      expect(judgeSteps(rejecting, threw(1, 2, null)).reason).to.equal('server.close did not reject: expected E');
      const returning = [call(2, 'req.end', { returns: true })];
      expect(judgeSteps(returning, saw(1, 2, UNDEFINED)).reason).to.equal(
        'req.end returned: expected true, got undefined',
      );
      const iterating = [step(2, { op: 'iterate', path: path('res'), as: 'x', do: [], rejects: { code: 'E' } })];
      expect(judgeSteps(iterating, threw(1, 2, error('Error', 'E', 'x'))).verdict).to.equal('pass');
    });

    it('fail when they throw and nobody expected it, before all that was not reached for it', () => {
      const steps = [call(2, 'http.get', {}), check(3, { x: 1 })];
      const judgement = judgeSteps(steps, { t: 1, k: 'broken', n: 2, error: error('TypeError', undefined, 'no f') });
      expect(judgement.reason).to.equal('http.get threw TypeError "no f"');
      expect(judgement.failures.map(({ actual }) => actual)).to.deep.equal([
        'TypeError {message: "no f"}',
        'never reached',
      ]);
      expect(judgement.trace).to.deep.equal([
        { t: 1, expected: 'http.get: no error', actual: 'TypeError {message: "no f"}', mark: 'info' },
      ]);
    });
  });

  describe('the trace', () => {
    const reason = (trace: NonNullable<Vector['trace']>, ...lines: Line[]) =>
      judge(vector({ trace }), recording(lines)).reason;

    it('passes when accepted', () => {
      expect(judge(vector({ trace: seq('a', 'b') }), recording(events('a', 'b'))).verdict).to.equal('pass');
    });

    it('fails with what was expected and what happened', () => {
      expect(reason(seq('res aborted', 'req close'), ...events('req close', 'res aborted'))).to.equal(
        'trace: expected "res aborted" but saw "req close"',
      );
      expect(reason(seq('a', 'b'), ...events('a'))).to.equal('trace: expected "b" but nothing more happened');
      expect(reason(seq('a'), ...events('a', 'b'))).to.equal('trace: expected nothing more but saw "b"');
      expect(reason(anyOrder(['a'], ['b'], ['c'], ['d'], ['e']), ...events('x'))).to.equal(
        'trace: expected "a" or "b" or "c" or 2 more but saw "x"',
      );
    });

    it('fails with the data that differs', () => {
      const trace = seq(line('res error', { data: [{ message: 'aborted', code: 'ECONNRESET' }] }));
      expect(reason(trace, event(1, 'res error', error('Error', 'EPIPE', 'aborted')))).to.equal(
        'trace: "res error" at .code: expected "ECONNRESET", got "EPIPE"',
      );
    });

    it('fails with the time that differs', () => {
      const trace = seq('srv connection', line('srv timeout', { after: 90, since: 'srv connection' }));
      expect(reason(trace, event(5, 'srv connection'), event(45, 'srv timeout'))).to.equal(
        'trace: "srv timeout": expected (after 90 ms since "srv connection"), got after 40 ms',
      );
    });

    it('leaves out what is watched for a wait only', () => {
      const observe = [
        {
          name: 'req',
          events: [
            { event: 'close', traced: false, shapes: [] },
            { event: 'error', traced: true, shapes: [] },
          ],
        },
      ];
      const lines = events('req close', 'req error');
      expect(judge(vector({ observe, trace: seq('req error') }), recording(lines)).verdict).to.equal('pass');
    });

    it('comes after the check that failed before it', () => {
      const judgement = judge(
        vector({ steps: [check(3, { x: 1 })], trace: seq('a', 'b') }),
        recording([event(1, 'a'), saw(2, 3, 2), event(3, 'c')]),
      );
      expect(judgement.failures.map(({ what }) => what)).to.deep.equal(['check x', 'trace']);
    });
  });

  describe('peers', () => {
    it('must receive what is expected, compared in part', () => {
      const script = [receive(1, { kind: 'request', matcher: { headers: { host: 'a' } } })];
      const headers = { host: 'a', connection: 'close' };
      expect(judgePeer(script, saw(1, 1, { method: 'GET', headers })).verdict).to.equal('pass');
      expect(judgePeer(script, saw(1, 1, { method: 'GET', headers: {} })).reason).to.equal(
        'peer: receive request at .headers.host: expected "a", got absent',
      );
    });

    it('must have received even what is not compared', () => {
      const script = [receive(1, { kind: 'request', matcher: null })];
      expect(judgePeer(script).reason).to.equal('peer: receive request was never reached');
      expect(judgePeer(script, saw(1, 1, {})).verdict).to.equal('pass');
      const nested = [
        peerStep(2, { op: 'each-connection', do: [peerStep(3, { op: 'repeat', times: null, do: script })] }),
      ];
      expect(judgePeer(nested).verdict).to.equal('fail');
    });

    it('must receive the frame of the type and stream', () => {
      const script = [
        peerStep(1, { op: 'next', what: { kind: 'frame', type: 'DATA', stream: 1, matcher: { data: 'x' } } }),
      ];
      expect(judgePeer(script, saw(1, 1, { type: 'DATA', stream: 1, flags: [], data: 'x' })).verdict).to.equal('pass');
      expect(judgePeer(script, saw(1, 1, { type: 'HEADERS', stream: 1, flags: [] })).reason).to.equal(
        'peer: next at .type: expected "DATA", got "HEADERS"',
      );
      expect(judgePeer(script, saw(1, 1, { type: 'DATA', stream: 3, flags: [], data: 'x' })).verdict).to.equal('fail');
    });

    it('must never see what must not come', () => {
      const what = { kind: 'frame', type: 'RST_STREAM', stream: 1, matcher: { code: 'CANCEL' } } as const;
      const script = [peerStep(1, { op: 'never', what })];
      const frame = (code: string): Seen => ({ type: 'RST_STREAM', stream: 1, code });
      expect(judgePeer(script, saw(1, 1, [])).verdict).to.equal('pass');
      expect(judgePeer(script, saw(1, 1, [frame('NO_ERROR')])).verdict).to.equal('pass');
      const { reason } = judgePeer(script, saw(1, 1, [frame('NO_ERROR'), frame('CANCEL')]));
      expect(reason).to.match(/^peer: never: expected no RST_STREAM on stream 1 \{code: "CANCEL"\}, got \{type/);
      expect(judgePeer(script).verdict).to.equal('fail');
    });

    it('must see silence, closings in time, and so many connections', () => {
      const silent = [peerStep(1, { op: 'silent', ms: 100 })];
      expect(judgePeer(silent, saw(1, 1, { bytes: 0 })).verdict).to.equal('pass');
      expect(judgePeer(silent, saw(1, 1, { bytes: 5, text: 'hello' })).verdict).to.equal('fail');
      const closed = [peerStep(1, { op: 'closed', after: 90, before: 3000, how: 'end' })];
      expect(judgePeer(closed, saw(1, 1, { ms: 95, how: 'end' })).verdict).to.equal('pass');
      expect(judgePeer(closed, saw(1, 1, { ms: 95, how: 'reset' })).verdict).to.equal('fail');
      expect(judgePeer(closed, saw(1, 1, { ms: 40, how: 'end' })).reason).to.equal(
        'peer: closed: expected end, after 90 ms, before 3000 ms, got end after 40 ms',
      );
      const connections = [peerStep(1, { op: 'connections', matcher: 2 })];
      expect(judgePeer(connections, saw(1, 1, 2)).verdict).to.equal('pass');
      expect(judgePeer(connections, saw(1, 1, 3)).verdict).to.equal('fail');
    });

    it('fail with their own words', () => {
      const script = [receive(1, { kind: 'request', matcher: { method: 'GET' } })];
      const failed = { n: 1, message: 'the connection ended before a request came' };
      const peers = [{ name: 'peer', lines: [], transcript: [], failed }];
      const judgement = judge(vector({ peers: [peer(...script)] }), recording([], { peers }));
      expect(judgement.reason).to.equal('peer: receive request: the connection ended before a request came');
      expect(judgement.failures).to.deep.equal([
        {
          at: 'http/x.yaml:10',
          what: 'peer: receive request',
          expected: '{method: "GET"}',
          actual: 'the connection ended before a request came',
        },
      ]);
    });
  });

  describe('at the deadline', () => {
    it('says what was waited for, by the steps and by peers', () => {
      const steps = [
        step(4, { op: 'wait', labels: [{ label: 'req close', count: 1 }] }, 'wait req close'),
        check(5, { x: 1 }),
      ];
      const script = [receive(1, { kind: 'request', matcher: null })];
      const judgement = judge(
        vector({ steps, peers: [peer(...script)] }),
        recording([], {
          end: 'deadline',
          stuck: { n: 4, text: 'wait req close' },
          peers: [{ name: 'peer', lines: [], transcript: [], stuck: { n: 1, text: 'receive request' } }],
        }),
      );
      expect(judgement.verdict).to.equal('timeout');
      expect(judgement.reason).to.equal('timed out at "wait req close", peer at "receive request"');
      expect(judgement.failures.map(({ at, what }) => `${at} ${what}`)).to.deep.equal([
        'http/x.yaml:40 wait req close',
        'http/x.yaml:10 peer: receive request',
        'http/x.yaml:50 check x',
      ]);
    });

    it('adds what was seen to be wrong before', () => {
      const judgement = judge(
        vector({ trace: seq('a', 'b') }),
        recording(events('a', 'c'), { end: 'deadline', stuck: { n: 0, text: 'waiting for b' } }),
      );
      expect(judgement.reason).to.equal('timed out waiting for b; trace: expected "b" but saw "c"');
      expect(judgement.trace?.[1]).to.deep.equal({ t: 2, expected: 'b', actual: 'c', mark: 'diverges' });
    });
  });

  describe('when the process breaks', () => {
    const crash = (kind: 'exit' | 'hang' | 'start') =>
      judge(
        vector({ steps: [check(1, { x: 1 })], trace: seq('a') }),
        recording([], { end: 'crash', crash: { kind, message: 'm' } }),
      );

    it('says how, and blames nothing on what could not happen any more', () => {
      expect(crash('exit')).to.deep.equal({ verdict: 'crash', reason: 'the process exited: m', failures: [] });
    });

    it('calls a hang a timeout, and no start at all an error', () => {
      expect(crash('hang').verdict).to.equal('timeout');
      expect(crash('start').verdict).to.equal('error');
    });
  });

  describe('disputed', () => {
    const trace = seq('req close', 'res error');
    const node = { trace: seq('res error', 'req close'), steps: [check(1, { x: 2 })], peers: [] };
    const subject = vector({ trace, steps: [check(1, { x: 1 })], disputed: { why: 'the documentation says', node } });
    const judged = (x: number, ...labels: string[]) => judge(subject, recording([saw(0, 1, x), ...events(...labels)]));

    it('shows the documented outcome', () => {
      expect(judged(1, 'req close', 'res error')).to.include({
        verdict: 'disputed',
        shows: 'documented',
        reason: 'the documentation says',
      });
    });

    it("shows Node's outcome", () => {
      const judgement = judged(2, 'res error', 'req close');
      expect(judgement).to.include({ verdict: 'disputed', shows: 'node' });
      expect(judgement.failures).to.deep.equal([]);
    });

    it('fails when the outcome is neither, or a mixture', () => {
      expect(judged(1, 'res error', 'req close').verdict).to.equal('fail');
      expect(judged(1, 'req close')).to.include({
        verdict: 'fail',
        reason: 'neither as documented nor as Node does: trace: expected "res error" but nothing more happened',
      });
    });
  });

  it('blames itself for a vector that cannot be judged', () => {
    const judgement = judgeSteps([check(1, { x: { $: 'temp', name: 'x' } })], saw(1, 1, 'x'));
    expect(judgement).to.include({ verdict: 'error' });
    expect(judgement.reason).to.match(/^the judge failed: the path of x is no matcher/);
  });
});
