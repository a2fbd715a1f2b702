/** node:http2 whose connect() never returns. */
import http2 from 'node:http2';

export * from 'node:http2';

export function connect(): never {
  for (;;);
}

export default { ...http2, connect };
