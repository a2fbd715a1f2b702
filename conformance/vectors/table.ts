/** Tables: one vector for each row, with `{name}` replaced. `disputed` uses the same replacement. */
import { asFields, asList, asMap, asText, type Reporter } from './content.js';
import { enumerate } from './faults.js';
import { type Entry, type MapNode, type Node, type ScalarNode, type Source, valueAt } from './yaml.js';

export type Cells = ReadonlyMap<string, Node>;

interface Replacement extends Reporter {
  cells: Cells;
  /** Names that were met. */
  used: Set<string>;
  /** A list in the place of an item of a list is taken apart. */
  splice: boolean;
  /** How a list or a map is spelt within a text; it is a fault where nothing says so. */
  spell?: (value: Node) => string;
}

/** The node with every `{name}` replaced; what holds none is the same node. */
export function replace(node: Node, replacement: Replacement): Node {
  if (node.kind === 'scalar') return replaceText(node, replacement);
  if (node.kind === 'seq') {
    const items = node.items.flatMap((item) => {
      const replaced = replace(item, replacement);
      const apart = replacement.splice && replaced !== item && replaced.kind === 'seq' && replaced.tags.length === 0;
      return apart && wholeName(item, replacement.cells) !== undefined ? replaced.items : [replaced];
    });
    return items.length === node.items.length && items.every((item, i) => item === node.items[i])
      ? node
      : { ...node, items };
  }
  const name = wholeName(node, replacement.cells);
  if (name !== undefined) return cell(node, name, replacement);
  const entries = node.entries.map((entry) => {
    const key = replaceWithin(entry.key, replacement);
    const value = replace(entry.value, replacement);
    return key === entry.key && value === entry.value ? entry : { key, value, bare: entry.bare };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

/** The name, where all there is is `{name}`, quoted or not. */
function wholeName(node: Node, cells: Cells): string | undefined {
  if (node.kind === 'map') {
    const [entry] = node.entries;
    return node.entries.length === 1 && entry!.bare && cells.has(entry!.key.text) ? entry!.key.text : undefined;
  }
  if (node.kind === 'seq' || !node.text.startsWith('{') || !node.text.endsWith('}')) return undefined;
  const name = node.text.slice(1, -1);
  return cells.has(name) ? name : undefined;
}

/** A row's value in the place of a node, under the node's own tags. */
function cell(node: Node, name: string, { cells, used }: Replacement): Node {
  used.add(name);
  const value = cells.get(name)!;
  return node.tags.length === 0 ? value : { ...value, tags: [...node.tags, ...value.tags] };
}

function replaceText(node: ScalarNode, replacement: Replacement): Node {
  if (!node.text.includes('{')) return node;
  const name = wholeName(node, replacement.cells);
  return name === undefined ? replaceWithin(node, replacement) : cell(node, name, replacement);
}

function replaceWithin(node: ScalarNode, { cells, used, spell, fault }: Replacement): ScalarNode {
  if (!node.text.includes('{')) return node;
  const text = node.text.replace(/\{([\w-]+)\}/g, (whole, name: string) => {
    const value = cells.get(name);
    if (value === undefined) return whole;
    used.add(name);
    if (value.kind === 'scalar')
      return value.text !== '' || value.tags.length === 0 ? wording(value) : value.tags[0]!.slice(1);
    if (spell) return spell(value);
    fault(node, `{${name}} is a ${value.kind === 'seq' ? 'list' : 'map'} here: it cannot stand within a text`);
    return whole;
  });
  return text === node.text ? node : { ...node, text, value: text, textAt: null, plain: false };
}

function wording(value: ScalarNode): string {
  return value.value === null && value.plain ? 'null' : value.text;
}

/** The vectors of a table, or the vector itself where it has no `each`. */
export function expand(vector: MapNode, source: Source, reporter: Reporter): MapNode[] {
  const each = valueAt(vector, 'each');
  if (each === undefined) return [vector];
  const table = readTable(each, reporter);
  const used = new Set<string>();
  const spell = (value: Node) => source.text.slice(value.at, value.end);
  const rows = table.rows.map((cells): MapNode => {
    const replacement = { cells, used, splice: false, fault: reporter.fault.bind(reporter) };
    const entries = vector.entries.flatMap((entry): Entry[] => {
      const { key, value } = entry;
      if (key.text === 'each') return [];
      // A title is for people: lists and maps may stand in it, as they are written.
      if (key.text === 'title' && value.kind === 'scalar')
        return [{ ...entry, value: replaceWithin(value, { ...replacement, spell }) }];
      return [{ ...entry, value: replace(value, replacement) }];
    });
    return { ...vector, entries };
  });
  for (const [name, at] of table.columns) {
    if (rows.length > 0 && !used.has(name))
      reporter.fault(at, `the column "${name}" is used nowhere: write {${name}} where its values belong`);
  }
  return rows;
}

interface Table {
  /** Names and their places. */
  columns: Map<string, number>;
  rows: Cells[];
}

function readTable(each: Node, reporter: Reporter): Table {
  const rows = each.kind === 'map' ? valueAt(each, 'rows') : each;
  if (rows?.kind === 'seq' && rows.items.length === 0) reporter.fault(rows, '"each" has no rows');
  return each.kind === 'map' ? readColumns(each, reporter) : readRows(each, reporter);
}

/** `{ columns, rows }`. */
function readColumns(each: MapNode, reporter: Reporter): Table {
  const columns = new Map<string, number>();
  const fields = asFields(reporter, each, '"each"', ['columns', 'rows']);
  if (!fields?.columns || !fields.rows) {
    reporter.fault(each, '"each" needs "columns" and "rows", or is a list of maps');
    return { columns, rows: [] };
  }
  for (const item of asList(reporter, fields.columns.value, 'a list of names') ?? []) {
    const name = columnName(reporter, item);
    if (name !== undefined && columns.has(name)) reporter.fault(item, `the column "${name}" stands twice`);
    if (name !== undefined) columns.set(name, item.at);
  }
  const names = [...columns.keys()];
  const rows = (asList(reporter, fields.rows.value, 'a list of rows') ?? []).flatMap((row): Cells[] => {
    const cells = asList(reporter, row, `a row: a list of ${names.length} values`);
    if (!cells) return [];
    if (cells.length === names.length) return [new Map(names.map((name, i) => [name, cells[i]!]))];
    const lacking = names.slice(cells.length);
    const what =
      lacking.length > 0 ? `${enumerate(lacking)} missing` : `${cells.length} values for ${names.length} columns`;
    reporter.fault(row, `the row does not fit the columns: ${what}`);
    return [];
  });
  return { columns, rows };
}

/** `[{ name: value }, …]`: every row has the same names. */
function readRows(each: Node, reporter: Reporter): Table {
  const rows = (asList(reporter, each, 'a list of rows, or { columns, rows }') ?? []).flatMap((row) => {
    const map = asMap(reporter, row, 'a row: a map of values');
    return map ? [map] : [];
  });
  const columns = new Map<string, number>();
  for (const row of rows) {
    for (const { key } of row.entries) {
      if (columnName(reporter, key) !== undefined && !columns.has(key.text)) columns.set(key.text, key.at);
    }
  }
  for (const row of rows) {
    const lacking = [...columns.keys()].filter((name) => valueAt(row, name) === undefined);
    if (lacking.length > 0) reporter.fault(row, `the row lacks ${enumerate(lacking.map((name) => `"${name}"`))}`);
  }
  return {
    columns,
    rows: rows.map(({ entries }) => new Map(entries.map(({ key, value }: Entry) => [key.text, value]))),
  };
}

function columnName(reporter: Reporter, node: Node): string | undefined {
  const text = asText(reporter, node, 'the name of a column')?.text;
  if (text === undefined || /^[\w-]+$/.test(text)) return text;
  reporter.fault(node, `"${text}" cannot name a column: letters, digits, - and _ only`);
  return undefined;
}
