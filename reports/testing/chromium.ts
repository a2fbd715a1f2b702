/** A browser for tests: the system's Chromium. */

import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What PLUMBLINE_CHROMIUM names, or where Linux distributions put it; undefined when neither exists. */
export function findChromium(): string | undefined {
  const { PLUMBLINE_CHROMIUM: place = '/usr/bin/chromium' } = process.env;
  return existsSync(place) ? place : undefined;
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
