/**
 * The resolve hook of `register.ts`: `http` and `node:http` (and likewise `http2`) resolve to what stands in for them.
 * It runs in the program's thread where `module.registerHooks` exists, else in the loader thread of `module.register`.
 */

/** What a resolve hook answers; `next` is the rest of the chain. */
interface Resolution {
  url: string;
  format?: string | null | undefined;
  shortCircuit?: boolean | undefined;
}

let standIns: Readonly<Record<string, string>> = {};

/** Sets the URL of each builtin, by its name without `node:`, that is replaced. */
export function initialize(urls: Readonly<Record<string, string>>): void {
  standIns = urls;
}

/** Answers for a replaced builtin, asks `next` for all else. */
export function resolve<Context, Answer extends Resolution | Promise<Resolution>>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Answer,
): Answer | Resolution {
  const name = builtinName(specifier);
  if (!Object.hasOwn(standIns, name)) return next(specifier, context);
  return { url: standIns[name]!, format: 'module', shortCircuit: true };
}

/** `http` for `node:http` and for `http`. */
export function builtinName(specifier: string): string {
  return specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
}
