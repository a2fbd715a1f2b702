import { resolve } from 'node:path';

/** A folder of the cache: in `$PLUMBLINE_CACHE`, by default in `.plumbline` of the working directory. */
export function cacheFolder(name: 'targets' | 'plans'): string {
  return resolve(process.env.PLUMBLINE_CACHE || '.plumbline', name);
}
