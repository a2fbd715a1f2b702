/** The JSON Schemas, with their findings at the place in the file and in plain words. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { enumerate, type Fault, meant } from './faults.js';
import { kindOf, type MapNode, type Node, plainData, type Source } from './yaml.js';

const FOLDER = new URL('../../../vectors/schema/', import.meta.url);

class Schema {
  readonly #file: string;
  readonly #definition: string;
  #validate: ValidateFunction | undefined;

  constructor(file: string, definition: string) {
    this.#file = file;
    this.#definition = definition;
  }

  /**
   * Reports what the schema finds in a node. Where the compiler has said more exactly what is wrong with an item
   * (offsets in `said`), the schema's finding in it is left out.
   */
  check(node: MapNode, source: Source, faults: Fault[], said: readonly number[]): void {
    const validate = (this.#validate ??= this.#compile());
    if (validate(plainData(node))) return;
    for (const error of directErrors(validate.errors ?? [])) {
      const { place, item } = find(node, error);
      if (said.some((at) => at >= item.at && at <= item.end)) continue;
      faults.push(source.fault(place.at, inWords(error, place.node)));
    }
  }

  #compile(): ValidateFunction {
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: true,
      allowUnionTypes: true,
      strictRequired: false,
      // Its own tests validate the schema.
      validateSchema: false,
      code: { optimize: false },
      inlineRefs: false,
    });
    const schema = JSON.parse(readFileSync(new URL(this.#file, FOLDER), 'utf8')) as { $id: string };
    ajv.addSchema(schema);
    return ajv.compile({ $ref: `${schema.$id}#/$defs/${this.#definition}` });
  }
}

export const VECTOR_SCHEMA = new Schema('vectors.schema.json', 'vector');
export const WIRE_SCHEMA = new Schema('vectors.schema.json', 'wireVector');
export const REQUIREMENT_SCHEMA = new Schema('requirements.schema.json', 'requirement');
export const SECTION_SCHEMA = new Schema('sections.schema.json', 'section');

/** Without the branches of an `anyOf`, which only explain it. */
function directErrors(errors: ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  return errors.filter(
    ({ keyword, instancePath }) =>
      keyword === 'anyOf' || !choices.some((path) => `${instancePath}/`.startsWith(`${path}/`)),
  );
}

interface Found {
  /** Where the fault is shown, and the value it is about. */
  place: { at: number; node: Node };
  /** The smallest part of the vector whose faults belong together: a step, a line, a key of the vector. */
  item: { at: number; end: number };
}

function find(root: MapNode, error: ErrorObject): Found {
  const keys = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: Node = root;
  let item: Found['item'] = { at: -1, end: -1 };
  for (const [depth, key] of keys.entries()) {
    if (node.kind === 'map') {
      const entry: MapNode['entries'][number] | undefined = node.entries.find(
        (candidate) => candidate.key.text === key,
      );
      if (!entry) break;
      node = entry.value;
      if (depth === 0) item = { at: entry.key.at, end: node.end };
    } else if (node.kind === 'seq') {
      node = node.items[Number(key)] ?? node;
      if (depth === 1) item = node;
    }
  }
  const params = error.params as { additionalProperty?: string; propertyName?: string; dependencies?: string };
  const name = params.additionalProperty ?? params.propertyName;
  const key = node.kind === 'map' ? node.entries.find((entry) => entry.key.text === name)?.key : undefined;
  if (key && item.at < 0) item = key;
  return { place: { at: (key ?? node).at, node: key ?? node }, item };
}

function inWords(error: ErrorObject, node: Node): string {
  const { keyword, parentSchema, params } = error;
  const { description, properties } = (parentSchema ?? {}) as { description?: string; properties?: object };
  const found = node.kind === 'scalar' && node.text !== '' ? `"${node.text}"` : kindOf(node);
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      return `unknown key "${name}"${meant(name, Object.keys(properties ?? {}))}`;
    }
    case 'required':
      return `"${params.missingProperty}" is missing`;
    case 'enum': {
      const values = (params.allowedValues as unknown[]).map(String);
      return `expected ${enumerate(values, 'or')}, found ${found}${node.kind === 'scalar' ? meant(node.text, values) : ''}`;
    }
    case 'type':
      return `expected ${what(String(params.type))}${description ? ` (${description})` : ''}, found ${kindOf(node)}`;
    case 'minItems':
      return `expected a list that is not empty${description ? ` (${description})` : ''}`;
    case 'uniqueItems':
      return 'an item stands twice in this list';
    default:
      return description ? `expected ${description}, found ${found}` : `it ${error.message}`;
  }
}

const KINDS: { [type: string]: string } = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function what(types: string): string {
  return enumerate(
    types.split(',').map((type) => KINDS[type] ?? type),
    'or',
  );
}
