/** The methods that the parser knows, and the protocols that they belong to: as Node's parser does. */

const HTTP = [
  // RFC 9110 §9, RFC 5789
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'],
  // WebDAV: RFC 4918, 3253, 3744, 5323, 5842, 4791
  ...['COPY', 'LOCK', 'MKCOL', 'MOVE', 'PROPFIND', 'PROPPATCH', 'UNLOCK'],
  ...['CHECKOUT', 'MERGE', 'MKACTIVITY', 'REPORT', 'ACL', 'SEARCH', 'BIND', 'REBIND', 'UNBIND', 'MKCALENDAR'],
  // UPnP, link relations (RFC 2068 §19.6.1), caches, Icecast, and the safe method with a body
  ...['M-SEARCH', 'NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE', 'LINK', 'UNLINK', 'PURGE', 'SOURCE', 'QUERY'],
];

/** RFC 2326 §10 */
const RTSP_ALONE = [
  ...['DESCRIBE', 'ANNOUNCE', 'SETUP', 'PLAY', 'PAUSE', 'TEARDOWN'],
  ...['GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT', 'RECORD', 'FLUSH'],
];

/** The method of the HTTP/2 connection preface, which is no request at all. RFC 9113 §3.4 */
export const PRI = 'PRI';

export const CONNECT = 'CONNECT';

/** Which methods may stand before `HTTP/`, `RTSP/` and `ICE/`. */
export const METHODS_OF = {
  HTTP: new Set([...HTTP, PRI]),
  RTSP: new Set([...RTSP_ALONE, 'OPTIONS', 'GET', 'POST']),
  ICE: new Set(['SOURCE']),
};

/** The methods of HTTP in alphabetical order, as `http.METHODS` has them. */
export const METHODS: readonly string[] = HTTP.toSorted();

/** Every method that a request line may begin with. */
const KNOWN = new Set([...METHODS_OF.HTTP, ...METHODS_OF.RTSP, ...METHODS_OF.ICE]);

const PREFIXES = new Set([...KNOWN].flatMap((method) => Array.from(method, (_, i) => method.slice(0, i + 1))));

export function isMethod(text: string): boolean {
  return KNOWN.has(text);
}

/** Whether some method begins with the text. */
export function beginsMethod(text: string): boolean {
  return PREFIXES.has(text);
}
