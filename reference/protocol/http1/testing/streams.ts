// Streams of messages, most of them good, and all ways to cut them.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import type { Setup } from './record.js';

export const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
export const often = <T>(weight: number, ...values: T[]) => ({ weight, arbitrary: oneOf(...values) });
const seldom = <T>(...values: T[]) => often(1, ...values);

const method = fc.oneof(
  often(8, 'GET', 'POST', 'HEAD', 'PUT'),
  often(2, 'CONNECT', 'OPTIONS', 'DELETE', 'PATCH', 'QUERY', 'M-SEARCH', 'SOURCE'),
  seldom('GET_PARAMETER', 'DESCRIBE', 'PRI', 'get', 'GETT', 'XGET', 'G', ''),
);
const target = fc.oneof(
  often(6, '/', '/path?query=1', '/a/b/c#d'),
  often(2, '*', 'host:80', 'http://u@host:80/p?q', 'http://[::1]/', '/a?b#c?d'),
  seldom(
    '',
    'a',
    'http:/x',
    'http://u@@h',
    '//',
    '/\xe4',
    '/a\tb',
    '/a\x0cb',
    '/<>',
    'h t',
    '?',
    'http://h?q',
    'http://h#f',
  ),
);
const requestProtocol = fc.oneof(
  often(10, 'HTTP/1.1'),
  often(2, 'HTTP/1.0'),
  seldom('HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2'),
  seldom('HTTP/11', 'HTTQ/1.1', 'http/1.1', 'RTSP/1.0', 'ICE/1.0', ''),
);
const responseProtocol = fc.oneof(
  often(10, 'HTTP/1.1'),
  often(2, 'HTTP/1.0'),
  seldom('HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2', 'HTTP/1', 'HTP/1.1', ''),
);
const space = fc.oneof(often(20, ' '), seldom('  ', '\t', '', ' \r'));
const newline = fc.oneof(often(40, '\r\n'), seldom('\n', '\r', '\r\r\n', '\n\n'));
const status = fc.oneof(
  often(6, '200'),
  often(3, '100', '101', '204', '304', '199', '404'),
  seldom('20', '2000', 'abc', '000', '2x0'),
);
const reason = fc.oneof(often(6, ' OK', ''), seldom(' ', ' a b\tc', ' \xe4\x00', 'X'));

const length = fc.oneof(
  often(6, '0', '3', '5'),
  seldom(
    '',
    '03',
    '3 ',
    ' 3',
    '3\t',
    '-1',
    '3a',
    '0x3',
    '3,3',
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999',
  ),
);
const coding = fc.oneof(
  often(6, 'chunked'),
  often(2, 'gzip', 'gzip, chunked', 'Chunked'),
  seldom(
    '',
    'chunked,',
    'chunked, gzip',
    ',chunked',
    'chunked ',
    'chunked\t',
    'chunked, chunked',
    'xchunked',
    'chunked;q=1',
    'identity',
  ),
);
const option = fc.oneof(
  often(5, 'keep-alive', 'close', 'upgrade', 'Upgrade'),
  seldom('', 'close,', 'close, upgrade', 'keep-alive,Upgrade', 'CLOSE ', 'close\t', 'x close', 'x,close', ' , close'),
);
const text = fc.oneof(
  often(6, 'x', 'some value', 'a,b;c="d"'),
  seldom('', ' ', '\t x \t', '\xe4', 'a\x00b', 'a\x7f', 'a\x01', 'a\rb', 'y'.repeat(40)),
);
const colon = fc.oneof(often(20, ': ', ':'), seldom(':\t', ' : ', '\t:', '', ':: '));

const named = (names: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(names, colon, value).map((parts) => parts.join(''));
const field = fc.oneof(
  {
    weight: 4,
    arbitrary: named(
      fc.oneof(
        often(8, 'Host', 'X', 'accept', 'User-Agent', 'Expect'),
        seldom('', 'a b', 'a\xe4', '(x)', 'n'.repeat(50), 'Content-Lengt', 'Transfer-Encodings', 'connection x'),
      ),
      text,
    ),
  },
  { weight: 3, arbitrary: named(oneOf('Content-Length', 'content-length', 'CONTENT-LENGTH'), length) },
  { weight: 3, arbitrary: named(oneOf('Transfer-Encoding', 'transfer-encoding'), coding) },
  { weight: 3, arbitrary: named(oneOf('Connection', 'connection', 'Proxy-Connection'), option) },
  { weight: 1, arbitrary: named(oneOf('Upgrade', 'upgrade'), fc.oneof(often(3, 'websocket'), seldom('', ' '))) },
  seldom(' folded', '\tfolded', ' close', ' ', '\t,chunked', ' 5'),
);
const fieldLine = fc.tuple(field, newline).map((parts) => parts.join(''));
const fields = fc
  .oneof(
    { weight: 20, arbitrary: fc.array(fieldLine, { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(fieldLine, { minLength: 30, maxLength: 70 }) },
  )
  .map((lines) => lines.join(''));

const extension = fc.oneof(
  often(20, ''),
  seldom(
    ';a',
    ';a=b',
    ';a="b c"',
    ';a="\\"\\\\"',
    ';',
    ';=',
    ';a=',
    ';a;b=c',
    '; a',
    ';a ',
    ';a="b"c',
    ';a="\x01"',
    ' ',
    '\t',
    ';a="b',
    ';a=b"c"',
  ),
);
const chunk = fc
  .tuple(
    fc.oneof(
      often(12, '3', '03', '5', 'a', 'A', '10'),
      seldom('', '0', 'x', '-1', '0x1', '3 ', 'FFFFFFFFFFFFFFFFF', '00000000000000000003'),
    ),
    extension,
    newline,
    oneOf('abc', 'abcde', 'abcdefghij', ''),
    newline,
  )
  .map((parts) => parts.join(''));
const chunks = fc
  .tuple(fc.array(chunk, { maxLength: 3 }), extension, newline, fields, newline)
  .map(([list, ...last]) => `${list.join('')}0${last.join('')}`);
const goodChunks = oneOf(
  '3\r\nabc\r\n0\r\n\r\n',
  '0\r\n\r\n',
  '5;a=b\r\nabcde\r\nb\r\nabcdefghijk\r\n0\r\nT: v\r\n\r\n',
);
const content = fc.oneof(
  often(4, '', 'abc', 'abcde'),
  { weight: 2, arbitrary: goodChunks },
  { weight: 2, arbitrary: chunks },
);

const emptyLines = fc.oneof(often(20, ''), seldom('\r\n', '\n', '\r', ' ', '\r\n\r\n'));
const requestLine = fc
  .tuple(emptyLines, method, space, target, space, requestProtocol, newline)
  .map((parts) => parts.join(''));
const statusLine = fc
  .tuple(emptyLines, responseProtocol, space, status, reason, newline)
  .map((parts) => parts.join(''));
const message = (line: fc.Arbitrary<string>) => fc.tuple(line, fields, newline, content).map((parts) => parts.join(''));

/** A change to the bytes: at a place (0 to 1), so many octets give way to others. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat(3),
  come: fc.oneof(
    seldom('', '\r', '\n', ' ', '\t', ':', ',', ';', '"', '0', '\x00', '\x0c', '\x7f', '\xff', '\r\n', '\r\n\r\n'),
    fc.string({ maxLength: 2 }),
  ),
});

function mutate(bytes: string, changes: readonly { at: number; gone: number; come: string }[]): string {
  return changes.reduce((result, { at, gone, come }) => {
    const index = Math.floor(at * result.length);
    return result.slice(0, index) + come + result.slice(index + gone);
  }, bytes);
}

export function cut(text: string, cuts: readonly number[] | 'everywhere'): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  if (cuts === 'everywhere') return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  const places = [0, ...cuts.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b), bytes.length];
  return places
    .slice(1)
    .map((end, i) => bytes.subarray(places[i], end))
    .filter((piece) => piece.length > 0);
}

/** Messages one after the other, some of them with faults. */
export function streamOf(kind: Setup['kind']): fc.Arbitrary<string> {
  const messages = fc.array(message(kind === 'request' ? requestLine : statusLine), { minLength: 1, maxLength: 3 });
  const changes = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(change, { maxLength: 3 }) },
  );
  return fc.tuple(messages, changes).map(([list, faults]) => mutate(list.join(''), faults));
}

export const cuts: fc.Arbitrary<readonly number[] | 'everywhere'> = fc.oneof(
  often<number[] | 'everywhere'>(1, [], 'everywhere'),
  {
    weight: 2,
    arbitrary: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  },
);
