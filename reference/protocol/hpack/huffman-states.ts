/**
 * The Huffman code as a machine that takes an octet at a time. Its states are the inner nodes of the code's tree: how
 * much of the next symbol has been seen. An octet completes two symbols at most, since a code has five bits or more.
 */
import { CODE_LENGTHS, CODES, EOS } from './huffman-code.js';

/** The sign bit: EOS was met, which must not be in a string. §5.2 */
const FAILED = 1 << 31;

/**
 * What an octet does in a state, at `state << 8 | octet`: the next state in bits 0 to 7, the symbols in bits 8 to 15
 * and 16 to 23, how many there are in bits 24 and 25, and FAILED.
 */
export const TRANSITIONS = octetTransitions(nibbleTransitions(codeTree()));

/**
 * States up to this one stand for so many 1 bits, and the rest of the last octet must be such: padding is the highest
 * bits of EOS, less than eight of them. §5.2
 */
export const LAST_PADDING_STATE = 7;

/** Two children for each node, 0 and 1: a node, or ~symbol. */
type Tree = number[];

function codeTree(): Tree {
  const tree: Tree = [0, 0];
  // EOS first, its code being all ones: so the number of a node on its way is the number of ones seen.
  insert(tree, EOS);
  for (let symbol = 0; symbol < EOS; symbol++) insert(tree, symbol);
  return tree;
}

function insert(tree: Tree, symbol: number): void {
  const code = CODES[symbol]!;
  let child = 0;
  for (let bit = CODE_LENGTHS[symbol]! - 1; bit >= 0; bit--) {
    child = childOf(tree, child, (code >>> bit) & 1, bit === 0 ? ~symbol : tree.length / 2);
  }
}

/** The child of a node; where there is none, the given one. */
function childOf(tree: Tree, node: number, bit: number, otherwise: number): number {
  const known = tree[node * 2 + bit]!;
  if (known !== 0) return known;
  tree[node * 2 + bit] = otherwise;
  if (otherwise > 0) tree.push(0, 0);
  return otherwise;
}

/** As `TRANSITIONS`, at `state << 4 | nibble`, with one symbol at most. */
function nibbleTransitions(tree: Tree): Int32Array {
  const states = tree.length / 2;
  const transitions = new Int32Array(states * 16);
  for (let at = 0; at < transitions.length; at++) {
    let node = at >>> 4;
    let emitted = 0;
    for (let bit = 3; bit >= 0; bit--) {
      node = tree[node * 2 + ((at >>> bit) & 1)]!;
      if (node >= 0) continue;
      emitted = ~node === EOS ? FAILED : (1 << 24) | (~node << 8);
      node = 0;
    }
    transitions[at] = emitted | node;
  }
  return transitions;
}

function octetTransitions(nibbles: Int32Array): Int32Array {
  const transitions = new Int32Array(nibbles.length * 16);
  for (let at = 0; at < transitions.length; at++) {
    const high = nibbles[at >>> 4]!;
    const low = nibbles[((high & 0xff) << 4) | (at & 0xf)]!;
    transitions[at] = compose(high, low);
  }
  return transitions;
}

/** The second transition behind the first: its symbol, if it has one, comes behind the first's. */
function compose(first: number, second: number): number {
  if (((first | second) & FAILED) !== 0) return FAILED;
  if (first >>> 24 === 0) return second;
  const symbols = (first & 0xff00) | ((second & 0xff00) << 8);
  return symbols | (((first >>> 24) + (second >>> 24)) << 24) | (second & 0xff);
}
