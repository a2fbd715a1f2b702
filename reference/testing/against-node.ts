/** Node 23.5.0 is the measure. From 24 on, and in backports of llhttp 9.4, Node takes, refuses and sends other things. */
const COMPARABLE = Number.parseInt(process.versions.node, 10) < 24 && /^9\.[0-3]\./.test(process.versions.llhttp!);

/** Whether this is the parser of Node 23.5.0; others put some words and offsets differently. */
export const SAME_PARSER = process.versions.llhttp === '9.2.1';

/** Describes a comparison with Node's own module; pending where that does not do what Node 23.5.0 does. */
export function describeAgainstNode(title: string, tests: () => void): void {
  if (COMPARABLE) describe(title, tests);
  else describe.skip(`${title} (not with llhttp ${process.versions.llhttp} of Node ${process.versions.node})`, tests);
}
