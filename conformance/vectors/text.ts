/** HTTP/1 messages as people write them. */

/**
 * The text of `!http |` as it goes on the wire: every line end becomes CRLF. A text without a blank line is a head and
 * gets its blank line; with one, the rest is the body, without the last line end. Blank lines before the head stay.
 */
export function httpText(text: string): string {
  const [, before, lines] = /^(\n*)([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n')) as unknown as [
    string,
    string,
    string,
  ];
  const blank = lines.indexOf('\n\n');
  const message =
    blank < 0
      ? `${lines.replace(/\n$/, '')}\n\n`
      : lines.slice(0, blank + 2) + lines.slice(blank + 2).replace(/\n$/, '');
  return (before + message).replaceAll('\n', '\r\n');
}
