import { transformSync } from '@swc/core';
import { expect } from 'chai';
import { type Fault, faulty, modules, readFaults } from './fault.js';

function problem(fault: Fault): string | undefined {
  try {
    transformSync(faulty(fault), { jsc: { parser: { syntax: 'typescript' } } });
  } catch (error) {
    return (error as Error).message.includes(fault.says) ? (error as Error).message : `${fault.says}: ${error}`;
  }
  return undefined;
}

describe('faults of the reference', () => {
  for (const module of modules) {
    it(`change ${module} where they say, and parse`, () => {
      const faults = readFaults(module);
      expect(new Set(faults.map(({ says }) => says)).size).to.equal(faults.length);
      expect(faults.map(problem).filter((found) => found !== undefined)).to.deep.equal([]);
    }).timeout(20_000);
  }
});
