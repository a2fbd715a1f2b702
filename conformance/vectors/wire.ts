/** What peers send: texts, bytes and frames. */
import type { PeerKind, Value, WireFrame, WirePart } from '../plan.js';
import { asMap, asText, wrong } from './content.js';
import type { Draft } from './draft.js';
import { FRAME_TYPES, readFrame } from './frames.js';
import { toMatcher } from './tags.js';
import { kindOf, type Node } from './yaml.js';

const TAGS = ['!hex', '!base64', '!buffer', '!uint8', '!text', '!http', '!fmt', '!fixture', '!fixture-buffer'];

/** A text, bytes, a frame (HTTP/2), or a list of these. */
export function readParts(draft: Draft, node: Node, kind: PeerKind): WirePart[] {
  const tag = node.tags[0];
  if (tag !== undefined) {
    if (TAGS.includes(tag)) return part(draft, node);
    const hint = tag === '!ref' ? ': write !fmt "{path}"' : '';
    draft.fault(node, `${tag} cannot be sent${hint}`);
    return [];
  }
  if (node.kind === 'seq') return node.items.flatMap((item) => readParts(draft, item, kind));
  const http2 = kind.startsWith('http2');
  if (node.kind === 'map') {
    if (http2) return frames(draft, node);
    return wrong(draft, node, 'a text, bytes, or a list of these to send') ?? [];
  }
  const text = asText(
    draft,
    node,
    http2 ? 'a frame { TYPE: { … } }, PREFACE, text, bytes, or a list of these' : 'text or bytes to send',
  );
  if (!text) return [];
  if (http2 && text.text === 'PREFACE') return [{ preface: true }];
  if (http2 && FRAME_TYPES.includes(text.text)) {
    draft.fault(text, `a frame to send is a map: { ${text.text}: {} }`);
    return [];
  }
  return [{ bytes: Buffer.from(text.text).toString('base64') }];
}

function part(draft: Draft, node: Node): WirePart[] {
  const value = toMatcher(draft, node) as Value;
  if (typeof value === 'string') return [{ bytes: Buffer.from(value).toString('base64') }];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  if (value.$ === 'bytes') return [{ bytes: value.base64 as string }];
  if (value.$ === 'repeat') return [{ repeat: value.text as string, times: value.times as number }];
  if (value.$ === 'fmt') return [{ fmt: (value as { parts: never }).parts }];
  return wrong(draft, node, `something to send, not ${kindOf(node)}`) ?? [];
}

function frames(draft: Draft, node: Node): WirePart[] {
  const map = asMap(draft, node, 'a frame');
  if (map && map.entries.length !== 1) {
    draft.fault(map, 'a frame is a map with one key, its type; several frames stand in a list');
    return [];
  }
  return (map?.entries ?? []).flatMap((entry): WirePart[] => {
    const frame = readFrame(draft, entry);
    return frame ? [{ frame: frame satisfies WireFrame }] : [];
  });
}
