// http.WebSocket: the browser's, of the runtime. Section `websocket`.
//
// Node has it from undici; a runtime without it exports undefined. They are looked up when they are asked for, since
// reading them loads undici.

import type * as undici from 'undici-types';

type Classes = Pick<typeof undici, 'WebSocket' | 'CloseEvent' | 'MessageEvent'>;

export const webSocket = {
  get WebSocket(): Classes['WebSocket'] {
    return (globalThis as unknown as Classes).WebSocket;
  },
  get CloseEvent(): Classes['CloseEvent'] {
    return (globalThis as unknown as Classes).CloseEvent;
  },
  get MessageEvent(): Classes['MessageEvent'] {
    return (globalThis as unknown as Classes).MessageEvent;
  },
};
