// Ports for peers that listen. What connects late, when its peer has gone, must not reach another one: a port comes
// again only after all others, and servers under test, which take any free port, get theirs from elsewhere.

/** Below the ports that Linux (from 32768) and others (from 49152) choose by themselves. */
const FIRST = 20_000;
const LAST = 32_767;

/** Begins anywhere: other runs may be going on. */
let last = FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** The next port to try; it may be in use. */
export function nextPort(): number {
  last = last < LAST ? last + 1 : FIRST;
  return last;
}
