import { expect } from 'chai';
import { Command, CommanderError } from 'commander';
import { type Arguments, parseArguments } from './arguments.js';

function parse(...args: string[]): Arguments {
  const silent = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  return parseArguments(args, silent);
}

describe('Arguments of the benchmark', () => {
  it('measures everything, often enough, by default', () => {
    const nothing = { scenario: [], module: undefined, pairs: 15, duration: 0.5, quick: false, list: false };
    expect(parse()).to.deep.equal({ ...nothing, json: 'reports/out/bench.json' });
  });

  it('takes what it is told, also of a quick run', () => {
    const args = ['--scenario', 'http/server/*', '--scenario', '**/hello', '--module', 'http', '--json', 'a.json'];
    expect(parse(...args)).to.include({ module: 'http', json: 'a.json' });
    expect(parse(...args).scenario).to.deep.equal(['http/server/*', '**/hello']);
    expect(parse('--quick')).to.include({ quick: true, pairs: 1, duration: 0.2 });
    expect(parse('--quick', '--pairs', '3')).to.include({ pairs: 3, duration: 0.2 });
    expect(parse('--duration', '0.25')).to.include({ duration: 0.25, pairs: 15 });
  });

  for (const args of [
    ['--pairs', '0'],
    ['--pairs', '1.5'],
    ['--duration', '0'],
    ['--duration', 'long'],
    ['--module', 'http3'],
    ['--unknown'],
    ['something'],
  ]) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => parse(...args)).to.throw(CommanderError);
    });
  }
});
