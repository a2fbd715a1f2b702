/** Functions and classes whose bodies are steps. */
import type { Fn, Path, Step, Value } from '../plan.js';
import { asFields, asList, asMap, asTrue, bindNames } from './content.js';
import type { Draft } from './draft.js';
import { isName, parsePath } from './path.js';
import { toValue } from './tags.js';
import type { Node, ScalarNode } from './yaml.js';

type ReadSteps = (draft: Draft, node: Node) => Step[];
type ClassStep = Extract<Step, { op: 'class' }>;

/** `{ params, rest, async, do }`; listeners call their parameters `as`. */
export function readFunction(
  draft: Draft,
  node: Node,
  what: string,
  steps: ReadSteps,
  params: 'params' | 'as' = 'params',
): Fn {
  const fields = asFields(draft, node, what, [params, 'rest', 'async', 'do']);
  return inside(draft, () => {
    const names = fields?.[params];
    const fn: Fn = { $: 'fn', params: names ? bindNames(draft, names.value, 'a list of names') : [], do: [] };
    if (fields?.rest && asTrue(draft, fields.rest.value, 'true')) {
      fn.rest = true;
      if (fn.params.length === 0) draft.fault(fields.rest.key, '"rest" needs a parameter that takes the arguments');
    }
    if (fields?.async && asTrue(draft, fields.async.value, 'true')) fn.async = true;
    if (fields?.do) fn.do = steps(draft, fields.do.value);
    return fn;
  });
}

function inside<T>(draft: Draft, read: () => T): T {
  draft.depth++;
  try {
    return read();
  } finally {
    draft.depth--;
  }
}

/** What follows the constructor in `construct`. */
export function readConstruct(draft: Draft, node: Node, steps: ReadSteps): NonNullable<ClassStep['construct']> {
  const fields = asFields(draft, node, '"construct"', ['params', 'rest', 'super', 'do']);
  return inside(draft, () => {
    const construct: NonNullable<ClassStep['construct']> = {
      params: fields?.params ? bindNames(draft, fields.params.value, 'a list of names') : [],
      do: [],
    };
    if (fields?.rest && asTrue(draft, fields.rest.value, 'true')) construct.rest = true;
    if (fields?.super) {
      const args = asList(draft, fields.super.value, 'the list of arguments for super()');
      construct.super = (args ?? []).map((arg): Value => toValue(draft, arg));
    }
    if (fields?.do) construct.do = steps(draft, fields.do.value);
    return construct;
  });
}

export function readMethods(draft: Draft, node: Node, steps: ReadSteps): ClassStep['methods'] {
  return (asMap(draft, node, 'a map of methods')?.entries ?? []).map(({ key, value }) => {
    const [, isStatic, isGetter, text = ''] = /^(static )?(get )?(.*)$/.exec(key.text)!;
    return {
      name: methodName(draft, key, text),
      ...(isStatic ? { static: true as const } : {}),
      ...(isGetter ? { get: true as const } : {}),
      fn: readFunction(draft, value, `the method "${text}"`, steps),
    };
  });
}

function methodName(draft: Draft, key: ScalarNode, text: string): string | Path {
  const offset = key.text.length - text.length;
  if (text.startsWith('[') && text.endsWith(']')) {
    const path = draft.parse(key, offset + 1, () => parsePath(text.slice(1, -1)));
    if (path) draft.refer(path, draft.within(key, offset + 1));
    return path ?? text;
  }
  if (!isName(text))
    draft.fault(
      draft.within(key, offset),
      `${JSON.stringify(text)} cannot name a method: write "name", "static name", "get name" or "[Symbol.x]"`,
    );
  return text;
}
