/** Which lists of fields make a message, and which are malformed. RFC 9113 §8.1 to §8.5; RFC 8441 §4 */
import type { HeaderField } from '../hpack/header-field.js';

export type MessageKind = 'request' | 'response' | 'trailers';

/** What a connection has to know about a list of fields. */
export interface MessageHead {
  /** The rule that is broken; the message is malformed then: a stream error PROTOCOL_ERROR. §8.1.1 */
  readonly fault: string | undefined;
  /** Of a request. */
  readonly method: string;
  /** Of a response. */
  readonly status: number;
  /** -1 where there is none. */
  readonly contentLength: number;
}

/** Pseudo-header fields. §8.3.1, §8.3.2; `:protocol`: RFC 8441 §4 */
const REQUEST_PSEUDO = new Map([
  [':method', 1],
  [':scheme', 2],
  [':path', 4],
  [':authority', 8],
  [':protocol', 16],
]);

const METHOD_SCHEME_PATH = 1 | 2 | 4;

/** Fields of a connection of HTTP/1.1. §8.2.2 */
const CONNECTION_SPECIFIC = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Lower-case tokens. §8.2.1 */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** No NUL, CR or LF anywhere, no space or tab at either end. §8.2.1 */
const VALUE = /^(?:[^\0\r\n \t](?:[^\0\r\n]*[^\0\r\n \t])?)?$/;

const DIGITS = /^[0-9]{1,15}$/;
const STATUS = /^[1-9][0-9]{2}$/;

/**
 * Reads a list of fields as a message, or as its trailers.
 *
 * @param extendedConnect - whether this side allows `:protocol` (SETTINGS_ENABLE_CONNECT_PROTOCOL)
 */
export function readMessageHead(
  fields: readonly HeaderField[],
  kind: MessageKind,
  extendedConnect = true,
): MessageHead {
  const head = { fault: undefined as string | undefined, method: '', status: 0, contentLength: -1 };
  let pseudo = 0;
  let path = '';
  let regular = false;
  for (const { name, value } of fields) {
    if (name.charCodeAt(0) !== 0x3a) {
      regular = true;
      head.fault = regularFault(name, value) ?? contentLengthFault(head, name, value);
    } else if (regular) {
      head.fault = `${name} behind other fields`;
    } else {
      const bit = pseudoBit(kind, name);
      if (bit === 0) head.fault = `${name} does not belong here`;
      else if ((pseudo & bit) !== 0) head.fault = `${name} comes twice`;
      else if (!VALUE.test(value)) head.fault = `illegal value of ${name}`;
      pseudo |= bit;
      if (name === ':method') head.method = value;
      else if (name === ':path') path = value;
      else if (name === ':status') head.status = STATUS.test(value) ? Number(value) : -1;
    }
    if (head.fault !== undefined) return head;
  }
  if (kind === 'request') {
    const authority = (pseudo & 8) !== 0 || fields.some(({ name }) => name === 'host');
    head.fault = requestFault(pseudo, head.method, path, extendedConnect) ?? authorityFault(authority);
  } else if (kind === 'response' && head.status <= 0) head.fault = 'no legal :status';
  return head;
}

function pseudoBit(kind: MessageKind, name: string): number {
  if (kind === 'request') return REQUEST_PSEUDO.get(name) ?? 0;
  return kind === 'response' && name === ':status' ? 1 : 0;
}

/** §8.2.1, §8.2.2 */
function regularFault(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'illegal name of a field';
  if (!VALUE.test(value)) return `illegal value of ${name}`;
  if (CONNECTION_SPECIFIC.has(name)) return `${name} is of no use in HTTP/2`;
  if (name === 'te' && value.toLowerCase() !== 'trailers') return 'te other than trailers';
  return undefined;
}

/** §8.1.1; RFC 9110 §8.6 */
function contentLengthFault(head: { contentLength: number }, name: string, value: string): string | undefined {
  if (name !== 'content-length') return undefined;
  const length = DIGITS.test(value) ? Number(value) : -1;
  if (length < 0 || (head.contentLength >= 0 && head.contentLength !== length)) return 'illegal content-length';
  head.contentLength = length;
  return undefined;
}

/** §8.3.1, §8.5; RFC 8441 §4 */
function requestFault(pseudo: number, method: string, path: string, extendedConnect: boolean): string | undefined {
  if ((pseudo & 16) !== 0) {
    if (!extendedConnect || method !== 'CONNECT') return ':protocol does not belong here';
  } else if (method === 'CONNECT') {
    return pseudo === (1 | 8) ? undefined : 'CONNECT needs :method and :authority, and nothing else';
  }
  if ((pseudo & METHOD_SCHEME_PATH) !== METHOD_SCHEME_PATH) return ':method, :scheme or :path is missing';
  return path === '' ? 'empty :path' : undefined;
}

/** The schemes of HTTP require an authority. RFC 9110 §4.2.1, RFC 9113 §8.3.1 */
function authorityFault(given: boolean): string | undefined {
  return given ? undefined : 'neither :authority nor host';
}
