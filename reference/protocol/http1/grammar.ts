/**
 * Which characters may stand where. Each set is a table of 256 flags, one for each octet: 1 when it belongs.
 */

export type CharacterSet = Readonly<Uint8Array>;

/** Characters of a token: methods, field names, chunk extensions. RFC 9110 §5.6.2 */
export const TCHAR = characters("!#$%&'*+-.^_`|~", range('0', '9'), range('A', 'Z'), range('a', 'z'));

/** What a field value may hold: field-vchar (obs-text too), SP and HTAB. RFC 9110 §5.5 */
export const FIELD_VALUE_CHAR = characters('\t', range(' ', '~'), range('\x80', '\xff'));

/** What may stand in a request-target, leaving its structure aside: anything visible in US-ASCII. RFC 3986 §2 */
export const TARGET_CHAR = characters(range('!', '~'));

/** Whether the text is a token: one tchar or more. What Node asks of methods and field names. RFC 9110 §5.6.2 */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (TCHAR[text.charCodeAt(i)] !== 1) return false;
  }
  return text.length > 0;
}

/**
 * Whether the text may be sent as a field value or reason phrase: nothing but HTAB and visible or obs-text characters,
 * so that it cannot end its line. Empty is fine. RFC 9110 §5.5
 */
export function isFieldValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (FIELD_VALUE_CHAR[text.charCodeAt(i)] !== 1) return false;
  }
  return true;
}

/** A set of the characters in the texts. */
export function characters(...texts: string[]): CharacterSet {
  const set = new Uint8Array(256);
  for (const character of texts.join('')) set[character.charCodeAt(0)] = 1;
  return set;
}

/** All characters from one to another, both included. */
export function range(from: string, to: string): string {
  const first = from.charCodeAt(0);
  return String.fromCharCode(...Array.from({ length: to.charCodeAt(0) - first + 1 }, (_, i) => first + i));
}
