import { transformSync } from '@swc/core';
import { expect } from 'chai';
import { faulty, modules, readFaults } from './fault.js';

describe('faults of the reference', () => {
  for (const module of modules) {
    it(`change ${module} where they say, and parse`, () => {
      const faults = readFaults(module);
      expect(new Set(faults.map(({ says }) => says)).size).to.equal(faults.length);
      for (const fault of faults) transformSync(faulty(fault), { jsc: { parser: { syntax: 'typescript' } } });
    }).timeout(20_000);
  }
});
