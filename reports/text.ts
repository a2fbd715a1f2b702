/** Making text fit for where it is shown. */

/**
 * Everything XML 1.0 forbids, lone surrogates included, and characters nobody sees: C1 controls, line separators and
 * marks that turn the direction of text.
 */
const UNPRINTABLE = /[^\t\n\r\u0020-\u007e\u00a0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Writes characters that cannot be shown (or must not stand in XML) as `\u0000`. */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** For text and attribute values in HTML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Cuts text to so many UTF-16 units, never inside a surrogate pair, and says how much is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const pair = /[\ud800-\udbff]/.test(text.charAt(limit - 1));
  const head = text.slice(0, pair ? limit - 1 : limit);
  return `${head} … (${text.length - head.length} more characters)`;
}

/** `0.4 ms`, `12 ms`, `3.25 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `12,345`, whatever the locale. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
