import http from 'node:http';
import { expect } from 'chai';
import { isFieldValue, isToken } from './grammar.js';
import { METHODS } from './methods.js';

/** Each octet, and characters that are none. */
const CHARACTERS = Array.from({ length: 0x202 }, (_, i) => String.fromCharCode(i)).concat('\u2028', '\ud800');

function accepts(validate: () => void): boolean {
  try {
    validate();
    return true;
  } catch {
    return false;
  }
}

describe('Grammar', () => {
  it("takes the tokens that Node's validateHeaderName takes", () => {
    for (const text of ['', 'ab', ...CHARACTERS, ...CHARACTERS.map((character) => `a${character}b`)]) {
      expect(isToken(text), JSON.stringify(text)).to.equal(accepts(() => http.validateHeaderName(text)));
    }
  });

  it("takes the values that Node's validateHeaderValue takes", () => {
    for (const text of ['', 'ab', ...CHARACTERS, ...CHARACTERS.map((character) => `a${character}b`)]) {
      expect(isFieldValue(text), JSON.stringify(text)).to.equal(accepts(() => http.validateHeaderValue('a', text)));
    }
  });

  it("knows Node's methods", () => {
    expect(METHODS).to.include.members(http.METHODS);
  });
});
