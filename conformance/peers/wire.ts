/** What a script wants sent, with everything that it refers to looked up. */
import type { Path, WireFrame, WirePart } from '../plan.js';
import type { Outgoing } from './channel.js';

/** What a path evaluates to, as text. */
export type Lookup = (path: Path) => Promise<string>;

export function resolveParts(parts: readonly WirePart[], lookup: Lookup): Promise<Outgoing[]> {
  return Promise.all(parts.map((part) => resolvePart(part, lookup)));
}

async function resolvePart(part: WirePart, lookup: Lookup): Promise<Outgoing> {
  if ('bytes' in part) return { bytes: Buffer.from(part.bytes, 'base64') };
  if ('repeat' in part) return { bytes: repeatBytes(part.repeat, part.times) };
  if ('fmt' in part) return { bytes: Buffer.from(await resolveText(part.fmt, lookup)) };
  if ('preface' in part) return part;
  return { frame: (await resolveValue(part.frame, lookup)) as WireFrame };
}

async function resolveText(parts: readonly (string | Path)[], lookup: Lookup): Promise<string> {
  const texts = await Promise.all(parts.map((part) => (typeof part === 'string' ? part : lookup(part))));
  return texts.join('');
}

/** A frame's field: bytes become Buffers, references and repetitions text. */
async function resolveValue(value: unknown, lookup: Lookup): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveValue(item, lookup)));
  const { $: tag, ...tagged } = value as { [key: string]: unknown };
  switch (tag) {
    case undefined:
      return Object.fromEntries(
        await Promise.all(
          Object.entries(tagged).map(async ([key, item]) => [key, await resolveValue(item, lookup)] as const),
        ),
      );
    case 'bytes':
      return Buffer.from(String(tagged.base64), 'base64');
    case 'repeat': {
      const bytes = repeatBytes(String(tagged.text), Number(tagged.times));
      return tagged.view === 'string' ? bytes.toString() : bytes;
    }
    case 'fmt':
      return resolveText(tagged.parts as (string | Path)[], lookup);
    case 'ref':
      return lookup(tagged.path as Path);
    default:
      throw new Error(`!${tag} cannot be sent in a frame`);
  }
}

function repeatBytes(text: string, times: number): Buffer {
  const once = Buffer.from(text);
  return once.length === 0 ? once : Buffer.alloc(once.length * times, once);
}
