/** Options that several sub-commands share, and how their values are read. */
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';

/** The vectors that come with the package. */
export const OWN_VECTORS = fileURLToPath(new URL('../../../vectors', import.meta.url));

/** Reads a count; commander names the option in front of the message. */
export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It is a whole number, at least 1.');
  return value;
}

/** For options that hold a list: `json,html`. */
export function list(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

export function filterOption(): Option {
  const gather = (text: string, earlier: string[] | undefined) => [...(earlier ?? []), text];
  return new Option('--filter <id>', 'id or glob of vectors; may be given more than once').argParser(gather);
}

export function vectorsOption(): Option {
  return new Option('--vectors <dir>', 'vectors in place of those of the package').default(
    OWN_VECTORS,
    "the package's",
  );
}

/** The options of `plumbline run` as commander hands them over. */
export interface RunFlags {
  target: string;
  http?: string;
  http2?: string;
  install: boolean;
  filter?: string[];
  section?: string;
  module?: string;
  repeat: number;
  jobs: number;
  bail?: true;
  timeout?: number;
  expectations?: string;
  out: string;
  format: string[];
  vectors: string;
  quiet?: true;
}

/** The options of `plumbline wire` likewise. */
export interface WireFlags {
  server?: string;
  start?: string;
  target: string;
  tls?: true;
  insecure?: true;
  http1?: true;
  http2?: true;
  path?: string;
  filter?: string[];
  strict?: true;
  jobs: number;
  repeat: number;
  install: boolean;
  out: string;
  format: string[];
  vectors: string;
  quiet?: true;
}
