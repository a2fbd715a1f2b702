/** The folder a run's report goes to. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS, type Format, render } from '../../reports/formats/index.js';
import type { Results } from '../../reports/model.js';
import { CliFault, fileFault } from './fault.js';

/** @throws CliFault when there is no such format */
export function checkFormats(formats: readonly string[]): asserts formats is readonly Format[] {
  for (const format of formats)
    if (!(FORMATS as readonly string[]).includes(format))
      throw new CliFault(`unknown format "${format}": known are ${FORMATS.join(', ')}`);
}

/** Makes the folder before the run, so that no results are lost after it. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileFault('write to', folder, error);
  }
}

/** @returns the files written */
export function writeReport(folder: string, formats: readonly string[], results: Results): string[] {
  checkFormats(formats);
  return formats.map((format) => {
    const { file, text } = render(format, results);
    const path = join(folder, file);
    try {
      writeFileSync(path, text);
    } catch (error) {
      throw fileFault('write', path, error);
    }
    return path;
  });
}
