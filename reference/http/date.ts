// The Date field, made once a second.

let second = 0;
let line = '';

/** `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its line end: the current time. RFC 9110 §5.6.7, §6.6.1 */
export function dateLine(): string {
  const now = Date.now();
  const current = Math.trunc(now / 1000);
  if (current !== second) {
    second = current;
    line = `Date: ${new Date(now).toUTCString()}\r\n`;
  }
  return line;
}
