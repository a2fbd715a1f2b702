/** The report in a real browser, opened from disk as users do. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../testing/chromium.js';
import { HOSTILE, many, sample } from '../testing/sample.js';
import { renderHtml } from './page.js';

const FAILED = 'http.request.sequence.premature-close-mid-body';

describe('the report in a browser', function () {
  this.timeout(60_000);

  let browser: Browser | undefined;
  let folder: string | undefined;
  let page: Page;
  let complaints: string[];

  before(async function () {
    const chromium = findChromium();
    if (chromium === undefined) {
      console.log('      skipped: no Chromium in /usr/bin/chromium; PLUMBLINE_CHROMIUM may name one');
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'plumbline-report-'));
    writeFileSync(join(folder, 'few.html'), renderHtml(sample()));
    writeFileSync(join(folder, 'many.html'), renderHtml(many(10_000)));
    browser = await launchChromium(chromium);
  });

  after(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser!.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
    });
  });

  afterEach(async () => {
    await page?.close();
    expect(complaints).to.deep.equal([]);
  });

  const url = (file: string): string => pathToFileURL(join(folder!, file)).href;
  const rows = (): Promise<number> => page.locator('.row').count();
  const hash = (): string => new URL(page.url()).hash;

  it('filters by verdict, section and text, and keeps that in the hash', async () => {
    await page.goto(url('few.html'));
    expect(await rows()).to.equal(11);
    await page
      .getByRole('button', { name: /^Failed/ })
      .and(page.locator('[data-verdict]'))
      .click();
    expect([await rows(), hash()]).to.deep.equal([3, '#verdict=fail']);
    await page.locator('button[data-section="httprequesturl-options-callback"]').click();
    expect([await rows(), hash()]).to.deep.equal([
      1,
      '#verdict=fail&module=http&section=httprequesturl-options-callback',
    ]);
    await page.getByRole('searchbox').fill('no such thing');
    expect(await page.locator('#list').textContent()).to.equal('No vector matches.');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect([await rows(), hash()]).to.deep.equal([11, '']);
    await page.goBack();
    expect(await rows()).to.equal(0);
  });

  it('opens a failure to everything that is known of it', async () => {
    await page.goto(url('few.html'));
    await page.locator(`button[data-id="${FAILED}"]`).click();
    const detail = page.locator('.detail');
    for (const text of ['The documentation requires', 'ECONNRESET', 'first divergence', 'reset', '--filter'])
      expect(await detail.textContent()).to.include(text);
    expect(await detail.locator('svg.lanes .lane').allTextContents()).to.deep.equal([
      'req',
      'res',
      'note',
      'failed',
      'written()',
    ]);
    expect(await detail.locator('tr.diverges td').allTextContents()).to.deep.equal([
      '131.2',
      '≠ first divergence',
      'res aborted',
      'res end',
    ]);
    expect(hash()).to.equal(`#open=${FAILED}`);
    await page.locator(`button[data-id="${FAILED}"]`).click();
    expect([await detail.count(), hash()]).to.deep.equal([0, '']);
  });

  it('opens a deep link again after a reload', async () => {
    await page.goto(`${url('few.html')}#verdict=fail&q=truncated&open=${FAILED}`);
    await page.reload();
    expect(await rows()).to.equal(1);
    expect(await page.getByRole('searchbox').inputValue()).to.equal('truncated');
    expect(await page.locator('.row.open .id').textContent()).to.equal(FAILED);
  });

  it('leads from a blocked vector to the one that blocks it', async () => {
    await page.goto(`${url('few.html')}#open=http.server.headers-timeout.does-not-fire-early`);
    await page.locator('.blockers a').click();
    await page.locator('.row.open.timeout').waitFor();
    expect(hash()).to.equal('#open=http.server.headers-timeout.slow-head');
  });

  it('walks from a section to its requirements, vectors and verdicts, and back', async () => {
    await page.goto(url('few.html'));
    await page.getByRole('link', { name: 'Coverage' }).click();
    await page.locator('.coverage').first().waitFor();
    expect(hash()).to.equal('#show=coverage');
    expect(await page.locator('#list').isVisible()).to.equal(false);
    expect(await page.locator('#shown').textContent()).to.equal('11 of 13 requirements covered');
    await page.getByRole('button', { name: 'Heading of agentmaxsockets' }).click();
    const members = page.locator('.members .requirement');
    expect(await members.count()).to.equal(3);
    expect(await members.first().textContent())
      .to.include('Requests beyond maxSockets')
      .and.to.include('Passed');
    expect(await members.nth(1).textContent()).to.include('No vector checks this yet.');
    expect(await members.nth(2).textContent()).to.include('No vector can check this: it cannot be seen');
    await members.first().locator('.checked a').click();
    await page.locator('.row.open').waitFor();
    expect(hash()).to.equal('#open=http.agent.max-sockets.queues-beyond-limit');
    await page.locator('.detail .requirements a').first().click();
    await page.locator('.requirement.sought').waitFor();
    expect(await page.locator('.requirement.sought > code').textContent()).to.equal('http.agent.maxSockets/queues');
    await page.keyboard.press('Escape');
    expect([await members.count(), hash()]).to.deep.equal([0, '#show=coverage']);
  });

  it('shows the coverage of one module or section, as the list does', async () => {
    await page.goto(`${url('few.html')}#show=coverage&module=http2`);
    expect(await page.locator('.coverage caption').allTextContents()).to.have.length(1);
    await page.locator('button[data-section="serverheaderstimeout"]').click();
    expect(await page.locator('.coverage tbody tr').count()).to.equal(2);
    expect(await page.locator('.members .checked li').count()).to.equal(2);
    await page
      .getByRole('button', { name: /^Failed/ })
      .and(page.locator('[data-verdict]'))
      .click();
    expect(await page.locator('#coverage').isVisible()).to.equal(false);
    expect(hash()).to.equal('#verdict=fail&module=http&section=serverheaderstimeout');
  });

  it('shows hostile text as text', async () => {
    await page.goto(`${url('few.html')}#open=http.message.headers.hostile-text`);
    const seen = await page.locator('.detail .failures td').first().textContent();
    expect(seen).to.equal(
      HOSTILE.replace('\u0000', '\\u0000')
        .replace('\u001b', '\\u001b')
        .replace('\ud800', '\\ud800')
        .replace('\ufffe', '\\ufffe')
        .replace('\u2028', '\\u2028'),
    );
  });

  it('works from the keyboard', async () => {
    await page.goto(url('few.html'));
    await page.keyboard.press('/');
    await page.keyboard.type('slow-head');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.row.open').count()).to.equal(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    expect(await page.locator('.row.open').count()).to.equal(0);
  });

  it('copies the command and changes the theme', async () => {
    await page.goto(`${url('few.html')}#open=${FAILED}`);
    await page.locator('.detail [data-copy]').click();
    await page.locator('.detail [data-copy]', { hasText: /Copied|Selected/ }).waitFor();
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    await page.locator('#theme').click();
    expect(await paper()).to.equal(light);
    await page.locator('#theme').click();
    expect(await paper()).not.to.equal(light);
  });

  it('shows the coverage of ten thousand results', async () => {
    await page.goto(`${url('many.html')}#show=coverage`);
    expect(await page.locator('.coverage tbody tr').count()).to.be.above(50);
    await page.locator('button[data-documented]').first().click();
    expect(await page.locator('.members .checked li').count()).to.be.above(100);
  });

  it('draws of ten thousand results only those near the window', async () => {
    await page.goto(url('many.html'));
    expect(await page.locator('#shown').textContent()).to.equal('all 10,000');
    expect(await rows()).to.be.within(50, 500);
    await page.goto(`${url('many.html')}#sort=suite&open=http.agent.max-sockets.queues-beyond-limit.09875`);
    await page.locator('.row.open').waitFor();
    expect(await page.locator('.row.open').isVisible()).to.equal(true);
    const { y } = (await page.locator('.row.open').boundingBox())!;
    expect(y).to.be.within(0, 720);
  });
});
