/** HTTP/1 messages as people write them. */

/**
 * The text of `!http |` as it goes on the wire: every line end becomes CRLF. A text without a blank line is a head and
 * gets its blank line; with one, the rest is the body, without the last line end.
 */
export function httpText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  const blank = lines.startsWith('\n') ? 0 : lines.indexOf('\n\n');
  const whole = blank < 0 ? `${lines.replace(/\n$/, '')}\n\n` : headAndBody(lines, blank);
  return whole.replaceAll('\n', '\r\n');
}

function headAndBody(lines: string, blank: number): string {
  const bodyAt = lines[blank + 1] === '\n' ? blank + 2 : blank + 1;
  return lines.slice(0, bodyAt) + lines.slice(bodyAt).replace(/\n$/, '');
}
