/** How peers come by connections: servers listen, clients connect, over TCP or a Unix socket, with TLS or without. */
import { randomBytes } from 'node:crypto';
import {
  type AddressInfo,
  connect as connectSocket,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  connect as secure,
  TLSSocket,
} from 'node:tls';
import type { PeerAddress, PeerScript, TlsOptions } from '../plan.js';
import type { Wire } from './connection.js';
import type { Credentials } from './peer.js';
import { nextPort } from './ports.js';

const HOST = '127.0.0.1';

/** Ports that are tried before any will do. */
const MOST_TRIES = 100;

/** Why a port cannot be had, though another can. */
const TAKEN = new Set(['EADDRINUSE', 'EACCES']);

/** The key is parsed once, not for every peer. */
const contexts = new Map<string, SecureContext>();

/** Accepts connections for one peer. */
export class Listener {
  /** TCP connections so far, whatever became of their TLS. */
  accepted = 0;

  readonly #server: Server;
  readonly #script: PeerScript;
  readonly #secureContext: SecureContext | undefined;
  readonly #onWire: (wire: Wire) => void;
  readonly #onFault: (message: string) => void;
  readonly #open = new Set<Socket>();

  /**
   * @param onWire - takes each connection, with TLS after its handshake
   * @param onFault - is told of TLS handshakes that fail
   */
  constructor(
    script: PeerScript,
    credentials: Credentials | undefined,
    onWire: (wire: Wire) => void,
    onFault: (message: string) => void,
  ) {
    this.#script = script;
    this.#secureContext = script.tls ? secureContext(credentials) : undefined;
    this.#onWire = onWire;
    this.#onFault = onFault;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (raw) => this.#accept(raw));
  }

  async listen(): Promise<PeerAddress> {
    const host = this.#script.host ?? HOST;
    if (this.#script.unix) {
      const path = socketPath();
      await this.#bind({ path });
      return { host, port: 0, path };
    }
    for (let tries = 1; ; tries++) {
      // In the end any port will do.
      const port = tries < MOST_TRIES ? nextPort() : 0;
      try {
        await this.#bind({ host, port });
        return { host, port: (this.#server.address() as AddressInfo).port };
      } catch (error) {
        if (port === 0 || !TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }

  #bind(where: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(where, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** Closes the server, and connections whose TLS handshake is still going on. */
  close(): void {
    this.#server.close();
    for (const raw of this.#open) raw.destroy();
  }

  #accept(raw: Socket): void {
    this.accepted++;
    raw.on('error', () => {});
    this.#open.add(raw);
    raw.on('close', () => this.#open.delete(raw));
    if (this.#secureContext) this.#secure(raw, this.#secureContext);
    else this.#onWire({ socket: raw, raw });
  }

  /** Not a `tls.Server`: that would hide the TCP socket, which alone can be reset. */
  #secure(raw: Socket, secureContext: SecureContext): void {
    const socket = new TLSSocket(raw, { isServer: true, secureContext, ...alpn(this.#script.tls) });
    const fault = (error: Error) => this.#onFault(`TLS handshake: ${error.message}`);
    socket.on('error', fault);
    socket.on('secure', () => {
      this.#onWire({ socket, raw });
      socket.off('error', fault);
    });
  }
}

/**
 * Connects; one of the two callbacks is called, unless the returned function gives up before.
 *
 * @param onWire - takes the connection, with TLS after its handshake
 */
export function connect(
  address: PeerAddress,
  tls: TlsOptions | undefined,
  onWire: (wire: Wire) => void,
  onError: (error: Error) => void,
): () => void {
  const { host, port, path } = address;
  const raw = connectSocket({ ...(path === undefined ? { host, port } : { path }), allowHalfOpen: true });
  raw.setNoDelay(true);
  const socket = tls ? secureSocket(raw, tls) : raw;
  const left = () => onError(new Error('the connection was closed before it was established'));
  raw.on('error', () => {});
  socket.on('error', onError);
  socket.on('close', left);
  socket.once(tls ? 'secureConnect' : 'connect', () => {
    onWire({ socket, raw });
    socket.off('error', onError);
    socket.off('close', left);
  });
  return () => {
    socket.destroy();
    raw.destroy();
  };
}

function secureSocket(raw: Socket, tls: TlsOptions): TLSSocket {
  // `allowHalfOpen` is passed on, though the types of `tls.connect` do not know it.
  const options: ConnectionOptions & { allowHalfOpen: boolean } = {
    socket: raw,
    rejectUnauthorized: false,
    allowHalfOpen: true,
    ...alpn(tls),
    ...serverName(tls),
  };
  return secure(options);
}

function secureContext(credentials: Credentials | undefined): SecureContext {
  if (!credentials) throw new Error('a TLS server needs credentials');
  const id = credentials.cert + credentials.key;
  let context = contexts.get(id);
  if (!context) contexts.set(id, (context = createSecureContext({ ...credentials })));
  return context;
}

function alpn(tls: TlsOptions | undefined): { ALPNProtocols?: string[] } {
  return tls?.alpn ? { ALPNProtocols: tls.alpn } : {};
}

function serverName(tls: TlsOptions): { servername?: string } {
  return tls.servername === undefined ? {} : { servername: tls.servername };
}

function socketPath(): string {
  return join(tmpdir(), `plumbline-${randomBytes(8).toString('hex')}.sock`);
}
