// http.WebSocket: the browser's, of the runtime. Section `websocket`.
//
// Node has it from undici; a runtime without it exports undefined. They are looked up when they are asked for, since
// reading them loads undici.

interface Globals {
  WebSocket?: unknown;
  CloseEvent?: unknown;
  MessageEvent?: unknown;
}

export const webSocket = {
  get WebSocket() {
    return (globalThis as Globals).WebSocket;
  },
  get CloseEvent() {
    return (globalThis as Globals).CloseEvent;
  },
  get MessageEvent() {
    return (globalThis as Globals).MessageEvent;
  },
};
