import http from 'node:http';
import http2 from 'node:http2';
import { expect } from 'chai';
import * as stubHttp from './http.js';
import * as stubHttp2 from './http2.js';

/** Exports of Node 23.5.0 that the oldest Node supported lacks, or that only the newest have. */
const SINCE_20 = ['CloseEvent', 'MessageEvent', 'WebSocket'];
const major = Number(process.versions.node.split('.')[0]);

for (const [name, real, stub] of [
  ['http', http, stubHttp],
  ['http2', http2, stubHttp2],
] as const) {
  describe(`stub ${name}`, () => {
    const exported = Object.keys(stub).filter((key) => key !== 'default');
    const members = Object.entries(stub.default);

    it('exports the names that Node exports, one by one and by default', () => {
      const newer = major > 23 ? Object.keys(real).filter((key) => !exported.includes(key)) : [];
      const expected = Object.keys(real).filter((key) => !newer.includes(key));
      expect(exported.filter((key) => !SINCE_20.includes(key) || key in real)).to.have.members(expected);
      expect(Object.keys(stub.default)).to.have.members(exported);
    });

    it('has functions and classes where Node has them, and nothing in its tables', () => {
      const originals: object = real;
      for (const [key, value] of members) {
        if (key in originals) expect(typeof value, key).to.equal(typeof Reflect.get(originals, key));
        if (typeof value === 'object' && key !== 'globalAgent') expect(Object.keys(value), key).to.deep.equal([]);
      }
    });

    it('does nothing when called or constructed', () => {
      for (const [key, value] of members) {
        if (typeof value !== 'function') continue;
        if (value.name === 'inert') expect(Reflect.apply(value, undefined, [{}]), key).to.equal(undefined);
        else expectInert(Reflect.construct(value, [{ some: 'argument' }]), key);
      }
    });
  });
}

function expectInert(instance: object, name: string): void {
  expect(instance.constructor.name).to.equal(name);
  expect(Object.keys(instance)).to.deep.equal([]);
  for (let proto = Object.getPrototypeOf(instance); proto !== Object.prototype; proto = Object.getPrototypeOf(proto))
    for (const method of Object.getOwnPropertyNames(proto))
      if (method !== 'constructor') expect(Reflect.get(instance, method).call(instance), method).to.equal(undefined);
}
