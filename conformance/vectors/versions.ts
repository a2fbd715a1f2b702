/** Versions of Node: `since` and `until`. */
import { type Reporter, wrong } from './content.js';
import type { Node } from './yaml.js';

/** `v18`, `18.0` and `18.0.0` as `18.0.0`; undefined with a fault for anything else. */
export function readVersion(reporter: Reporter, node: Node): string | undefined {
  const text = node.kind === 'scalar' && node.tags.length === 0 ? node.text : '';
  const version = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text);
  if (!version) return wrong(reporter, node, 'a version of Node, such as 18.0.0');
  return [version[1], version[2] ?? '0', version[3] ?? '0'].join('.');
}

/** One version, or a list: one for each release line. */
export function readVersions(reporter: Reporter, node: Node): string[] {
  const nodes = node.kind === 'seq' && node.tags.length === 0 ? node.items : [node];
  if (nodes.length === 0) wrong(reporter, node, 'a version of Node, or a list of versions');
  return nodes.flatMap((item) => readVersion(reporter, item) ?? []);
}
