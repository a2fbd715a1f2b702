/** What the runtime says of itself, and what it can do. */
import { networkInterfaces } from 'node:os';
import type { Capability, Runtime } from '../plan.js';

export function runtime(): Runtime {
  const { versions } = process as { versions: Record<string, string | undefined> };
  const name = versions.bun ? 'bun' : versions.deno ? 'deno' : 'node';
  return {
    name,
    version: versions[name] ?? process.version.slice(1),
    node: versions.node ?? process.version.slice(1),
    platform: `${process.platform} ${process.arch}`,
    capabilities: capabilities(),
  };
}

function capabilities(): Capability[] {
  const able: Record<Capability, boolean> = {
    tls: true,
    'unix-socket': process.platform !== 'win32',
    ipv6: hasLoopback6(),
    files: true,
    'process-warnings': true,
    'perf-hooks': true,
    gc: typeof (globalThis as { gc?: unknown }).gc === 'function',
    'async-hooks': true,
    'web-socket': typeof (globalThis as { WebSocket?: unknown }).WebSocket === 'function',
  };
  return (Object.keys(able) as Capability[]).filter((capability) => able[capability]);
}

function hasLoopback6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
}
