/**
 * Messages as octets: strings each of whose characters is one octet (latin1), so that a head and a short body are one
 * string and one write. Nothing is checked here: see `isToken` and `isFieldValue`.
 */

/** Octets to be sent. */
export type Octets = string | Uint8Array;

/** RFC 9112 §3 */
export function requestLine(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\n`;
}

/** RFC 9112 §4 */
export function statusLine(statusCode: number, reason: string): string {
  return `HTTP/1.1 ${statusCode} ${reason}\r\n`;
}

/** Field lines of name, value, name, value, …, without the empty line that ends them. RFC 9112 §5 */
export function fieldLines(fields: readonly string[]): string {
  let lines = '';
  for (let i = 0; i + 1 < fields.length; i += 2) lines += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return lines;
}

/** A start line, with its end, and fields: as far as the content. RFC 9112 §2.1 */
export function headOf(startLine: string, fields: readonly string[]): string {
  return `${startLine}${fieldLines(fields)}\r\n`;
}

/**
 * A chunk in pieces: one where the data are a string, or else three, the data not being copied. Data must not be empty:
 * that would be the last chunk. RFC 9112 §7.1
 */
export function chunkOf(data: Octets): Octets[] {
  const size = data.length.toString(16);
  return typeof data === 'string' ? [`${size}\r\n${data}\r\n`] : [`${size}\r\n`, data, '\r\n'];
}

/**
 * The end of chunked content, behind a chunk of `data` if there are any. RFC 9112 §7.1.2
 *
 * @param trailers - field lines
 */
export function lastChunk(data = '', trailers = ''): string {
  const before = data === '' ? '' : `${data.length.toString(16)}\r\n${data}\r\n`;
  return `${before}0\r\n${trailers}\r\n`;
}
