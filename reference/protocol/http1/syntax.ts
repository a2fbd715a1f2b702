/**
 * The syntax of HTTP/1 messages, octet by octet, as states and transitions: everything of a message but its content.
 *
 * A message is read from `requestLine` or `statusLine` through the fields to `endOfFields`; chunked content goes round from
 * `chunkSize`, and its trailers are fields again. In a state the first rule that names the octet holds: `on` takes the
 * octet, `again` lets the next state see it, `fail` refuses it. The third argument names what is done besides (see
 * `SyntaxReader`); an action may choose another next state where the octet alone cannot (CONNECT, Content-Length, …), which
 * is noted beside it.
 *
 * `strict` rules keep to RFC 9112 where Node's parser does, `lenient` ones are those of `insecureHTTPParser`. Codes,
 * reasons, and the order in which faults are found are Node's.
 */
import { characters, FIELD_VALUE_CHAR, range, TARGET_CHAR, TCHAR } from './grammar.js';
import { ANY, again, defineRules, fail, lenient, on, strict } from './transition-table.js';

/** Known by name only: see `SyntaxReader` for what each does. */
export const ACTIONS = [
  ...['beginMessage', 'mark', 'method', 'endTarget', 'endSimpleTarget', 'http', 'rtsp', 'ice', 'major', 'minor'],
  ...['status', 'markReason', 'endReason'],
  ...['fieldLines', 'spaceInName', 'endName', 'beginValue', 'lengthDigit', 'comma', 'endLine', 'fold'],
  ...['endField', 'emptyField', 'endFields'],
  ...['sizeDigit', 'markExtension', 'endExtension', 'endQuoted', 'endSize'],
] as const;

export type Action = (typeof ACTIONS)[number];

const CR = '\r';
const LF = '\n';
const SP = ' ';
const WHITESPACE = ' \t';
const DIGIT = characters(range('0', '9'));
const HEX_DIGIT = characters(range('0', '9'), range('A', 'F'), range('a', 'f'));
const ALPHA = characters(range('A', 'Z'), range('a', 'z'));
/** What an authority may hold here: unreserved and reserved characters but `/`, `?`, `#`, and `%`. RFC 3986 §2, §3.2 */
const AUTHORITY_CHAR = characters("!$%&'()*+,-.:;=@[]_~", range('0', '9'), range('A', 'Z'), range('a', 'z'));
/** qdtext and obs-text, and DEL. RFC 9110 §5.6.4 */
const QUOTED_CHAR = characters('\t', range(' ', '!'), range('#', '['), range(']', '\xff'));

/** Whitespace inside or behind a request-target, wherever it is found, and what a state makes of the rest. */
const notInTarget = (set: string) => fail(set, 'HPE_INVALID_URL', 'Invalid characters in url', 1);
const badTarget = (reason: string) => fail(ANY, 'HPE_INVALID_URL', reason);
const SPACING = '\t\f';
const endOfTarget = [
  on(SP, 'behindTarget', 'endTarget'),
  on(CR, 'simpleRequest', 'endSimpleTarget'),
  on(LF, 'simpleRequestFields', 'endSimpleTarget'),
  notInTarget(SPACING),
] as const;

const badProtocol = fail(ANY, 'HPE_INVALID_CONSTANT', 'Expected HTTP/');
const badPreface = fail(ANY, 'HPE_INVALID_VERSION', 'Expected HTTP/2 Connection Preface');
const badValue = fail(ANY, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header value char');
const badLength = fail(ANY, 'HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length');
const badStatus = fail(ANY, 'HPE_INVALID_STATUS', 'Invalid status code');
const badSize = fail(ANY, 'HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
const badExtension = (what: string) => fail(ANY, 'HPE_STRICT', `Invalid character in chunk extensions${what}`, 1);

/** The end of a line inside a field. */
const endOfLine = [
  on(CR, 'fieldLineCR', 'endLine'),
  strict(fail(LF, 'HPE_CR_EXPECTED', 'Missing expected CR after header value')),
  lenient(on(LF, 'fieldLineEnd', 'endLine')),
] as const;

/** The end of a chunk extension's name or value, and with it maybe of the line. */
const endOfExtension = (what: string) =>
  [
    on(CR, 'chunkSizeCR', 'endExtension'),
    strict(fail(LF, 'HPE_CR_EXPECTED', `Missing expected CR after chunk extension ${what}`)),
    lenient(on(LF, 'chunkSizeEnd', 'endExtension')),
    on(';', 'extension', 'endExtension'),
  ] as const;

export const SYNTAX = defineRules<Action>()({
  // ── RFC 9112 §3: request-line = method SP request-target SP HTTP-version ───────────────────────────────────────────

  // §2.2: empty lines before it are ignored.
  requestLine: [on('\r\n', 'requestLine'), again(ANY, 'method', 'beginMessage')],
  // Behind a known method and SP: target, or authority for CONNECT.
  method: [on(ANY, 'method', 'method')],

  // §3.2: origin-form, absolute-form, asterisk-form
  target: [
    on(SP, 'target'),
    again('/*', 'path', 'mark'),
    again(ALPHA, 'scheme', 'mark'),
    notInTarget('\t\f\r\n'),
    badTarget('Unexpected start char in url'),
  ],
  // §3.2.3: authority-form
  connectTarget: [on(SP, 'connectTarget'), again(ANY, 'authority', 'mark')],
  scheme: [
    on(ALPHA, 'scheme'),
    on(':', 'schemeColon'),
    notInTarget(' \t\f\r\n'),
    badTarget('Unexpected char in url schema'),
  ],
  schemeColon: [on('/', 'schemeSlash'), notInTarget(' \t\f\r\n'), badTarget('Unexpected char in url schema')],
  schemeSlash: [on('/', 'authority'), badTarget('Unexpected char in url schema')],
  authority: [
    on('@', 'userinfo'),
    on(AUTHORITY_CHAR, 'authority'),
    on('/', 'path'),
    on('?', 'query'),
    ...endOfTarget,
    badTarget('Unexpected char in url server'),
  ],
  userinfo: [fail('@', 'HPE_INVALID_URL', 'Double @ in url', 1), again(ANY, 'authority')],
  path: [
    on('?', 'query'),
    on('#', 'fragment'),
    on(TARGET_CHAR, 'path'),
    ...endOfTarget,
    badTarget('Invalid char in url path'),
  ],
  query: [on('#', 'fragment'), on(TARGET_CHAR, 'query'), ...endOfTarget, badTarget('Invalid char in url query')],
  fragment: [on(TARGET_CHAR, 'fragment'), ...endOfTarget, badTarget('Invalid char in url fragment start')],

  // HTTP/0.9: no version, and here fields all the same.
  simpleRequest: [on(LF, 'simpleRequestFields'), fail(ANY, 'HPE_INVALID_URL', 'Expected CRLF')],
  simpleRequestFields: [notInTarget(SPACING), again(ANY, 'firstField')],

  // §2.3: HTTP-version. The protocol is checked against the method.
  behindTarget: [notInTarget(SPACING), again(ANY, 'protocol')],
  protocol: [on(SP, 'protocol'), on('H', 'protocolH'), on('R', 'protocolR'), on('I', 'protocolI'), badProtocol],
  protocolH: [on('T', 'protocolHT'), badProtocol],
  protocolHT: [on('T', 'protocolHTT'), badProtocol],
  protocolHTT: [on('P', 'protocolHTTP'), badProtocol],
  protocolHTTP: [on('/', 'major', 'http'), badProtocol],
  protocolR: [on('T', 'protocolRT'), badProtocol],
  protocolRT: [on('S', 'protocolRTS'), badProtocol],
  protocolRTS: [on('P', 'protocolRTSP'), badProtocol],
  protocolRTSP: [on('/', 'major', 'rtsp'), badProtocol],
  protocolI: [on('C', 'protocolIC'), badProtocol],
  protocolIC: [on('E', 'protocolICE'), badProtocol],
  protocolICE: [on('/', 'major', 'ice'), badProtocol],
  major: [on(DIGIT, 'dot', 'major'), fail(ANY, 'HPE_INVALID_VERSION', 'Invalid major version')],
  dot: [on('.', 'minor'), fail(ANY, 'HPE_INVALID_VERSION', 'Expected dot')],
  // Behind it: requestLineEnd, preface (method PRI), or for a response statusSpace.
  minor: [on(DIGIT, 'requestLineEnd', 'minor'), fail(ANY, 'HPE_INVALID_VERSION', 'Invalid minor version')],
  requestLineEnd: [
    on(CR, 'requestLineCR'),
    strict(fail(LF, 'HPE_INVALID_VERSION', 'Expected CRLF after version', 1)),
    lenient(on(LF, 'requestLineCR')),
    fail(ANY, 'HPE_INVALID_VERSION', 'Expected CRLF after version'),
  ],
  requestLineCR: [
    on(LF, 'firstField'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected CRLF after version')),
    lenient(again(ANY, 'firstField')),
  ],

  // RFC 9113 §3.4: HTTP/2, of which this parser knows the first 24 octets.
  preface: [on(CR, 'prefaceCR'), badPreface],
  prefaceCR: [on(LF, 'prefaceLine'), badPreface],
  prefaceLine: [on(CR, 'prefaceLineCR'), badPreface],
  prefaceLineCR: [on(LF, 'prefaceLines'), badPreface],
  prefaceLines: [on('S', 'prefaceS'), badPreface],
  prefaceS: [on('M', 'prefaceSM'), badPreface],
  prefaceSM: [on(CR, 'prefaceSMCR'), badPreface],
  prefaceSMCR: [on(LF, 'prefaceSMLine'), badPreface],
  prefaceSMLine: [on(CR, 'prefaceEnd'), badPreface],
  prefaceEnd: [fail(LF, 'HPE_PAUSED_H2_UPGRADE', 'Pause on PRI/Upgrade', 1), badPreface],

  // ── RFC 9112 §4: status-line = HTTP-version SP status-code SP [ reason-phrase ] ────────────────────────────────────

  statusLine: [on('\r\n', 'statusLine'), again(ANY, 'responseProtocol', 'beginMessage')],
  responseProtocol: [on('H', 'protocolH'), badProtocol],
  statusSpace: [on(SP, 'status1'), fail(ANY, 'HPE_INVALID_VERSION', 'Expected space after version')],
  status1: [on(DIGIT, 'status2', 'status'), badStatus],
  status2: [on(DIGIT, 'status3', 'status'), badStatus],
  status3: [on(DIGIT, 'statusEnd', 'status'), badStatus],
  statusEnd: [
    on(SP, 'reasonStart'),
    on(CR, 'statusLineCR'),
    strict(fail(LF, 'HPE_INVALID_STATUS', 'Invalid response status', 1)),
    lenient(on(LF, 'firstField')),
    fail(ANY, 'HPE_INVALID_STATUS', 'Invalid response status'),
  ],
  reasonStart: [again(ANY, 'reason', 'markReason')],
  reason: [
    on(CR, 'statusLineCR', 'endReason'),
    strict(fail(LF, 'HPE_CR_EXPECTED', 'Missing expected CR after response line', 1)),
    lenient(on(LF, 'firstField', 'endReason')),
    on(ANY, 'reason'),
  ],
  statusLineCR: [
    on('\r\n', 'firstField'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after CR')),
    lenient(again(ANY, 'firstField')),
  ],

  // ── RFC 9112 §5: field-line = field-name ":" OWS field-value OWS ───────────────────────────────────────────────────

  // §2.2: no whitespace between the start line and the first field.
  firstField: [
    strict(fail(SP, 'HPE_UNEXPECTED_SPACE', 'Unexpected space after start line', 1)),
    lenient(on(SP, 'field')),
    again(ANY, 'field', 'fieldLines'),
  ],
  field: [
    on(CR, 'fieldsCR'),
    strict(fail(LF, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header field char', 1)),
    lenient(on(LF, 'endOfFields', 'endFields')),
    again(TCHAR, 'fieldName', 'mark'),
    fail(ANY, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header token'),
  ],
  fieldsCR: [
    on(LF, 'endOfFields', 'endFields'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after headers')),
    lenient(again(ANY, 'endOfFields', 'endFields')),
  ],
  // The reader stops here: what follows depends on the framing.
  endOfFields: [again(ANY, 'endOfFields')],

  fieldName: [
    on(TCHAR, 'fieldName'),
    on(':', 'fieldValue', 'endName'),
    // §5.1: no whitespace behind a name. Some names are allowed it where the parser is lenient.
    on(SP, 'spaceBehindName', 'spaceInName'),
    fail(ANY, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header token'),
  ],
  spaceBehindName: [on(SP, 'spaceBehindName'), again(ANY, 'fieldName')],

  fieldValue: [
    on(WHITESPACE, 'fieldValue'),
    on(CR, 'emptyValueCR'),
    strict(fail(LF, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header value char', 1)),
    lenient(on(LF, 'emptyValueLine')),
    // Content-Length: lengthValue; Transfer-Encoding: codingValue.
    again(ANY, 'value', 'beginValue'),
  ],
  emptyValueCR: [
    on(LF, 'emptyValueLine'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after CR')),
    lenient(again(ANY, 'emptyValueLine')),
  ],
  emptyValueLine: [
    strict(fail(WHITESPACE, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header value char', 1)),
    lenient(on(WHITESPACE, 'fieldValue')),
    again(ANY, 'field', 'emptyField'),
  ],
  value: [...endOfLine, on(FIELD_VALUE_CHAR, 'value'), lenient(on(ANY, 'value')), badValue],
  // A transfer coding behind chunked is refused at its comma.
  codingValue: [
    on(',', 'codingValue', 'comma'),
    ...endOfLine,
    on(FIELD_VALUE_CHAR, 'codingValue'),
    lenient(on(ANY, 'codingValue')),
    badValue,
  ],
  lengthValue: [on(DIGIT, 'lengthValue', 'lengthDigit'), on(SP, 'lengthSpace'), ...endOfLine, badLength],
  lengthSpace: [on(SP, 'lengthSpace'), ...endOfLine, badLength],
  fieldLineCR: [on(LF, 'fieldLineEnd'), fail(ANY, 'HPE_LF_EXPECTED', 'Missing expected LF after header value')],
  // §5.2: a line folded with whitespace is refused, or goes on with the value.
  fieldLineEnd: [
    strict(fail(WHITESPACE, 'HPE_INVALID_HEADER_TOKEN', 'Unexpected whitespace after header value')),
    lenient(again(WHITESPACE, 'value', 'fold')),
    again(ANY, 'field', 'endField'),
  ],

  // ── RFC 9112 §7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF ───────────────────────────────────────────

  chunk: [on(HEX_DIGIT, 'chunkSize', 'sizeDigit'), badSize],
  chunkSize: [
    on(HEX_DIGIT, 'chunkSize', 'sizeDigit'),
    on(CR, 'chunkSizeCR'),
    on(';', 'extension'),
    strict(fail(LF, 'HPE_CR_EXPECTED', 'Missing expected CR after chunk size', 1)),
    lenient(on(LF, 'chunkSizeCR')),
    strict(fail(WHITESPACE, 'HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size', 1)),
    lenient(on(WHITESPACE, 'chunkSizeSpace')),
    badSize,
  ],
  chunkSizeSpace: [on(WHITESPACE, 'chunkSizeSpace'), on('\r\n', 'chunkSizeCR'), on(';', 'extension'), badSize],
  chunkSizeCR: [
    on(LF, 'chunkSizeEnd'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after chunk size')),
    lenient(again(ANY, 'chunkSizeEnd')),
  ],
  // The reader stops here for the data of the chunk. Behind the last chunk: field.
  chunkSizeEnd: [again(ANY, 'chunkDataEnd', 'endSize')],

  // §7.1.1: chunk-ext = *( ";" chunk-ext-name [ "=" chunk-ext-val ] )
  extension: [
    fail(' \r', 'HPE_STRICT', 'Invalid character in chunk extensions', 1),
    again(ANY, 'extensionName', 'markExtension'),
  ],
  extensionName: [
    on(TCHAR, 'extensionName'),
    on('=', 'extensionEquals', 'endExtension'),
    ...endOfExtension('name'),
    badExtension(' name'),
  ],
  extensionEquals: [again(ANY, 'extensionValue', 'markExtension')],
  extensionValue: [on(TCHAR, 'extensionValue'), on('"', 'quoted'), ...endOfExtension('value'), badExtension(' value')],
  quoted: [
    on('"', 'quotedEnd', 'endQuoted'),
    on('\\', 'quotedPair'),
    on(QUOTED_CHAR, 'quoted'),
    badExtension(' quoted value'),
  ],
  quotedPair: [
    on(FIELD_VALUE_CHAR, 'quoted'),
    fail(ANY, 'HPE_STRICT', 'Invalid quoted-pair in chunk extensions quoted value', 1),
  ],
  quotedEnd: [
    on(CR, 'chunkSizeCR'),
    strict(fail(LF, 'HPE_CR_EXPECTED', 'Missing expected CR after chunk extension value')),
    lenient(on(LF, 'chunkSizeEnd')),
    on(';', 'extension'),
    fail(ANY, 'HPE_STRICT', 'Invalid character in chunk extensions quote value'),
  ],

  chunkDataEnd: [
    on(CR, 'chunkDataCR'),
    strict(fail(LF, 'HPE_CR_EXPECTED', 'Missing expected CR after chunk data', 1)),
    lenient(on(LF, 'chunk')),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after chunk data')),
    lenient(again(ANY, 'chunk')),
  ],
  chunkDataCR: [
    on(LF, 'chunk'),
    strict(fail(ANY, 'HPE_STRICT', 'Expected LF after chunk data')),
    lenient(again(ANY, 'chunk')),
  ],

  // ── RFC 9112 §9.6: behind a message that closes the connection ─────────────────────────────────────────────────────

  closed: [on('\r\n', 'closed'), fail(ANY, 'HPE_CLOSED_CONNECTION', 'Data after `Connection: close`', 1)],
});

export type State = keyof typeof SYNTAX;
