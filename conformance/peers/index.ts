/**
 * Scripted peers: the side of the wire that is not under test. They perform a `PeerScript` (plan.ts) and record what
 * they see; they judge nothing.
 */
import type { PeerScript } from '../plan.js';
import { Http1Channel } from './http1/peer.js';
import { Http2Channel } from './http2/peer.js';
import type { Credentials, Peer, PeerHost } from './peer.js';
import { neverTypes, ScriptedPeer, type Speak } from './scripted-peer.js';

export type { Credentials, Peer, PeerHost } from './peer.js';

/** @param credentials - what TLS servers present */
export function createPeer(script: PeerScript, host: PeerHost, credentials?: Credentials): Peer {
  return new ScriptedPeer(script, host, credentials, protocol(script));
}

function protocol({ kind, manual = false, script }: PeerScript): Speak {
  if (kind.startsWith('http1')) return (connection) => new Http1Channel(connection);
  const options = { server: kind === 'http2-server', manual, kept: new Set(neverTypes(script)) };
  return (connection) => new Http2Channel(connection, options);
}
