// The link header of 103 Early Hints. RFC 8297, RFC 8288 §3

import { invalidArgValue } from './errors.js';

/** `<uri>` and its parameters. */
const LINK = /^<[^>]*>(?:\s*;\s*[^;"\s]+(?:=(?:"[^;"\s]*"|[^;"\s]*))?)*$/;

/**
 * A link, or several, as the value of a header.
 *
 * @throws ERR_INVALID_ARG_VALUE for what is no link
 */
export function linkValue(link: unknown): string {
  const links = Array.isArray(link) ? link : [link];
  for (const one of links) {
    if (typeof one !== 'string' || !LINK.test(one)) {
      throw invalidArgValue(
        'hints',
        one,
        'must be an array or string of format "</styles.css>; rel=preload; as=style"',
      );
    }
  }
  return links.join(', ');
}
