// What is refused, with which code, and where: as Node 23.5 does.
import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { MessageParser } from './parser.js';

/** The error of bytes that come at once, or one by one, as `CODE@bytesParsed reason`; undefined when there is none. */
function fault(kind: 'request' | 'response', text: string, lenient: boolean): string | undefined {
  const parser = new MessageParser(kind, { lenient });
  parser.push(Buffer.from(text, 'latin1'));
  let event = parser.next();
  while (event !== undefined && event !== 'error') event = parser.next();
  return parser.error && `${parser.error.code.slice('HPE_'.length)}@${parser.error.bytesParsed} ${parser.error.reason}`;
}

function faultByOctets(kind: 'request' | 'response', text: string, lenient: boolean): string | undefined {
  const parser = new MessageParser(kind, { lenient });
  for (let i = 0; i < text.length; i++) {
    parser.push(Buffer.from(text.slice(i, i + 1), 'latin1'));
    let event = parser.next();
    while (event !== undefined && event !== 'error') event = parser.next();
    if (event === undefined) continue;
    // Behind the octet at fault, or in front of it: bytesParsed is 1 or 0.
    const { code, reason, bytesParsed } = parser.error!;
    return `${code.slice('HPE_'.length)}@${i + bytesParsed} ${reason}`;
  }
  return undefined;
}

const OK = undefined;
const POST = 'POST / HTTP/1.1\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const length = (...values: string[]) => POST + values.map((value) => `Content-Length: ${value}\r\n`).join('');
const codings = (...values: string[]) => POST + values.map((value) => `Transfer-Encoding: ${value}\r\n`).join('');

/** Bytes, what a strict parser says of them, and what a lenient one says (if it is not the same). */
type Row = readonly [string, string | undefined, (string | undefined)?];

const REQUESTS: readonly Row[] = [
  // §3: request line
  ['get / HTTP/1.1\r\n', 'INVALID_METHOD@0 Invalid method encountered'],
  ['GETX / HTTP/1.1\r\n', 'INVALID_METHOD@3 Expected space after method'],
  ['DESCRIBE / HTTP/1.1\r\n', 'INVALID_CONSTANT@16 Invalid method for HTTP/x.x request'],
  ['GET\t/ HTTP/1.1\r\n', 'INVALID_METHOD@3 Expected space after method'],
  ['GET \\ HTTP/1.1\r\n', 'INVALID_URL@4 Unexpected start char in url'],
  ['GET /\xe9 HTTP/1.1\r\n', 'INVALID_URL@5 Invalid char in url path'],
  ['GET /\t HTTP/1.1\r\n', 'INVALID_URL@6 Invalid characters in url'],
  ['GET ftp:x HTTP/1.1\r\n', 'INVALID_URL@8 Unexpected char in url schema'],
  ['CONNECT <a> HTTP/1.1\r\n', 'INVALID_URL@8 Unexpected char in url server'],
  ['GET / HTPT/1.1\r\n', 'INVALID_CONSTANT@8 Expected HTTP/'],
  ['GET / / HTTP/1.1\r\n', 'INVALID_CONSTANT@6 Expected HTTP/'],
  ['GET / HTTP/1,1\r\n', 'INVALID_VERSION@12 Expected dot'],
  ['GET / HTTP/1.2\r\n', 'INVALID_VERSION@14 Invalid HTTP version', OK],
  ['GET / HTTP/1.1 \r\n', 'INVALID_VERSION@14 Expected CRLF after version'],
  ['GET / HTTP/1.1\n', 'INVALID_VERSION@15 Expected CRLF after version', OK],
  ['GET / HTTP/1.1\rA', 'STRICT@15 Expected CRLF after version', OK],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'PAUSED_H2_UPGRADE@24 Pause on PRI/Upgrade'],
  // §5: fields
  [`${POST} A: b\r\n`, 'UNEXPECTED_SPACE@18 Unexpected space after start line', OK],
  [`${POST}A b: c\r\n`, 'INVALID_HEADER_TOKEN@18 Invalid header token'],
  [`${POST}A : c\r\n`, 'INVALID_HEADER_TOKEN@18 Invalid header token'],
  [`${POST}: c\r\n`, 'INVALID_HEADER_TOKEN@17 Invalid header token'],
  [`${POST}Content-Length : 1\r\n`, 'INVALID_HEADER_TOKEN@32 Invalid header field char', OK],
  [`${POST}A: b\x00\r\n`, 'INVALID_HEADER_TOKEN@21 Invalid header value char', OK],
  [`${POST}A: b\n`, 'CR_EXPECTED@21 Missing expected CR after header value', OK],
  [`${POST}A: b\rc\r\n`, 'LF_EXPECTED@22 Missing expected LF after header value'],
  [`${POST}A: b\r\n c\r\n`, 'INVALID_HEADER_TOKEN@23 Unexpected whitespace after header value', OK],
  [`${POST}A:\r\n c\r\n`, 'INVALID_HEADER_TOKEN@22 Invalid header value char', OK],
  [`${POST}\n`, 'INVALID_HEADER_TOKEN@18 Invalid header field char', OK],
  [`${POST}\rA`, 'STRICT@18 Expected LF after headers', OK],
  // §6: framing, and requests smuggled in it
  [length('5x'), 'INVALID_CONTENT_LENGTH@34 Invalid character in Content-Length'],
  [length('-5'), 'INVALID_CONTENT_LENGTH@33 Invalid character in Content-Length'],
  [length('5, 5'), 'INVALID_CONTENT_LENGTH@34 Invalid character in Content-Length'],
  [`${length('')}A`, 'INVALID_CONTENT_LENGTH@35 Empty Content-Length'],
  [length('18446744073709551616'), 'INVALID_CONTENT_LENGTH@53 Content-Length overflow'],
  [length('5', '5'), 'UNEXPECTED_CONTENT_LENGTH@52 Duplicate Content-Length'],
  [
    `${length('5')}Transfer-Encoding: chunked\r\n`,
    "INVALID_TRANSFER_ENCODING@54 Transfer-Encoding can't be present with Content-Length",
    OK,
  ],
  [
    `${codings('chunked')}Content-Length: 5\r\n`,
    "INVALID_CONTENT_LENGTH@60 Content-Length can't be present with Transfer-Encoding",
    OK,
  ],
  [`${codings('chunked, gzip')}\r\n`, 'INVALID_TRANSFER_ENCODING@44 Invalid `Transfer-Encoding` header value', OK],
  [`${codings('chunked', 'gzip')}\r\n`, 'INVALID_TRANSFER_ENCODING@65 Invalid `Transfer-Encoding` header value', OK],
  [`${codings('gzip')}\r\n`, 'INVALID_TRANSFER_ENCODING@44 Request has invalid `Transfer-Encoding`', OK],
  [`${codings('xchunked')}\r\n`, 'INVALID_TRANSFER_ENCODING@48 Request has invalid `Transfer-Encoding`', OK],
  // §7: chunks
  [`${CHUNKED}x`, 'INVALID_CHUNK_SIZE@47 Invalid character in chunk size'],
  [`${CHUNKED}-1`, 'INVALID_CHUNK_SIZE@47 Invalid character in chunk size'],
  [`${CHUNKED}5 \r\n`, 'INVALID_CHUNK_SIZE@49 Invalid character in chunk size', OK],
  [`${CHUNKED}11111111111111111\r\n`, 'INVALID_CHUNK_SIZE@64 Chunk size overflow'],
  [`${CHUNKED}1\n`, 'CR_EXPECTED@49 Missing expected CR after chunk size', OK],
  [`${CHUNKED}1\rx`, 'STRICT@49 Expected LF after chunk size', OK],
  [
    `${CHUNKED}1\r\naxy`,
    'STRICT@51 Expected LF after chunk data',
    'INVALID_CHUNK_SIZE@51 Invalid character in chunk size',
  ],
  [`${CHUNKED}1\r\na\n`, 'CR_EXPECTED@52 Missing expected CR after chunk data', OK],
  [`${CHUNKED}1; a\r\n`, 'STRICT@50 Invalid character in chunk extensions'],
  [`${CHUNKED}1;a b\r\n`, 'STRICT@51 Invalid character in chunk extensions name'],
  [`${CHUNKED}1;a\n`, 'CR_EXPECTED@50 Missing expected CR after chunk extension name', OK],
  [`${CHUNKED}1;a="\x01"\r\n`, 'STRICT@53 Invalid character in chunk extensions quoted value'],
  [
    `${CHUNKED}0\r\nContent-Length: 5\r\n`,
    "INVALID_CONTENT_LENGTH@65 Content-Length can't be present with Transfer-Encoding",
    OK,
  ],
];

const RESPONSES: readonly Row[] = [
  ['GET / HTTP/1.1\r\n', 'INVALID_CONSTANT@0 Expected HTTP/'],
  ['HTTP/1.1\t200 OK\r\n', 'INVALID_VERSION@8 Expected space after version'],
  ['HTTP/1.1 20 OK\r\n', 'INVALID_STATUS@11 Invalid status code'],
  ['HTTP/1.1 2000 OK\r\n', 'INVALID_STATUS@12 Invalid response status'],
  ['HTTP/1.1 200 OK\n', 'CR_EXPECTED@16 Missing expected CR after response line', OK],
  ['HTTP/1.1 200 OK\rA', 'STRICT@16 Expected LF after CR', OK],
  ['HTTP/1.1 200\n', 'INVALID_STATUS@13 Invalid response status', OK],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nx', OK],
];

describe('Faults', () => {
  for (const [kind, rows] of [
    ['request', REQUESTS],
    ['response', RESPONSES],
  ] as const) {
    for (const row of rows) {
      const [bytes, strict] = row;
      it(`finds ${strict ?? 'none'} in ${JSON.stringify(bytes)}`, () => {
        const lenient = row.length === 3 ? row[2] : strict;
        for (const find of [fault, faultByOctets]) {
          expect(find(kind, bytes, false)).to.equal(strict);
          expect(find(kind, bytes, true)).to.equal(lenient);
        }
      });
    }
  }
});
