import { mkdirSync } from 'node:fs';
import { examples } from '@chimera-nn/conformance';
import { decodeSafetensors, encodeSafetensors } from '@chimera-nn/core';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import type { PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromeArguments, findChrome } from '../../../tooling/environment.mjs';
import { serveSite } from './site.ts';

// A software GPU compiles shaders on the processor, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const pictures = new URL('../.results/pictures/', import.meta.url).pathname;
let server: PreviewServer;
let url: string;
let browser: Browser;
let page: Page;
let foreign: string[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  ({ server, url } = await serveSite());
  const executablePath = findChrome();
  browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: chromeArguments() });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

afterEach(async () => {
  await page.close();
});

async function open(query: string, prepare: (page: Page) => Promise<unknown> = async () => {}): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  foreign = [];
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(url)) foreign.push(request.url());
  });
  await prepare(page);
  await page.goto(url + query);
  await page.waitForSelector('#results');
}

/** Waits until nothing is under way any more. */
async function finished(button: string): Promise<void> {
  await page.waitForFunction((selector) => !document.querySelector<HTMLButtonElement>(selector)!.disabled, button, {
    timeout: 200_000,
  });
}

async function runGroup(group: string): Promise<void> {
  const button = `[data-group="${group}"] .group button`;
  await page.click(button);
  await finished(button);
}

/** What the table shows, as a reader sees it. */
async function table(): Promise<{ id: string; status: string; error: string; time: string; message: string }[]> {
  return page.$$eval('#results tr[data-example]', (rows) =>
    rows.map((row) => {
      const [status = '', error = '', time = ''] = [...row.querySelectorAll('td')].map((cell) => cell.innerText);
      const message = row.querySelector<HTMLElement>('.message')?.innerText ?? '';
      return { id: row.getAttribute('data-example')!, status, error, time, message };
    }),
  );
}

describe('on WebAssembly', () => {
  test('runs the whole chapter and shows every result', async () => {
    await open('?device=wasm');
    expect(await page.innerText('#engines')).toContain('the processor, with threads');
    await page.click('#run-chapter');
    await finished('#run-chapter');
    for (const id of ['blocks/mlp-sequential', 'training/digits'])
      await page.click(`[data-example="${id}"] .disclosure`);
    await page.waitForSelector('#details-training-digits .curve canvas');
    await page.screenshot({ path: `${pictures}chapter.png`, fullPage: true });

    const shown = await table();
    expect(shown.map(({ id }) => id)).toEqual(examples.map(({ id }) => id));
    expect(shown.filter(({ status }) => !/pass|known gap/.test(status))).toEqual([]);
    for (const { status, error, time } of shown.filter(({ status }) => status.includes('pass'))) {
      expect(status).toBe('✓ pass');
      expect(error).toMatch(/^(exact|\d\.\de[+-]\d+|)$/);
      expect(time).toMatch(/^\d+ ms$/);
    }
    expect(shown.find(({ id }) => id === 'blocks/mlp-sequential')!.error).toMatch(/e-\d+$|exact/);
    const details = page.locator('#details-blocks-mlp-sequential');
    expect(await details.innerText()).toContain('(2): Linear(in_features=256, out_features=10, bias=True)');
    expect(await details.locator('details pre').textContent()).toContain('new nn.Sequential(new nn.Linear(20, 256)');
    expect(await page.getAttribute('#details-training-digits .curve', 'aria-label')).toMatch(/from 2\.\d+ to 0\.\d+/);
    expect(await page.innerText('#chapter .verdict')).toMatch(
      new RegExp(
        `^${shown.filter(({ status }) => status.includes('pass')).length} of ${examples.length} passed on WebAssembly`,
      ),
    );
    expect(foreign, 'requests to other servers').toEqual([]);
  });

  test('says so when PyTorch’s numbers cannot be loaded', async () => {
    await open('?device=wasm', (page) => page.route(/\.safetensors$/, (route) => route.abort()));
    await runGroup('custom');
    expect(await page.innerText('#chapter [role="alert"]')).toMatch(/^The run could not be made: ./);
    expect((await table()).every(({ status }) => status === '')).toBe(true);
  });

  test('shows a number that is not PyTorch’s as a failure', async () => {
    await open('?device=wasm', (page) =>
      page.route(/\/custom-[\w-]+\.safetensors$/, async (route) => {
        const { tensors, metadata } = decodeSafetensors(new Uint8Array(await (await route.fetch()).body()));
        const output = tensors.get('centered/output')!;
        const values = new Float32Array(output.data.slice().buffer);
        values[3]! += 0.001;
        tensors.set('centered/output', { ...output, data: new Uint8Array(values.buffer) });
        await route.fulfill({ body: Buffer.from(encodeSafetensors(tensors, metadata)) });
      }),
    );
    await runGroup('custom');
    const centered = (await table()).find(({ id }) => id === 'custom/centered')!;
    expect(centered.status).toBe('✗ fail');
    expect(centered.error).toBe('1.0e-3');
    expect(centered.message).toMatch(/element 3 is 1, expected 1\.00(1|09)\d* within/);
    expect(await page.innerText('#chapter .verdict')).toMatch(/ 1 failed/);
    // The others of the group are none the worse.
    expect((await table()).filter(({ id, status }) => id.startsWith('custom/') && status === '✓ pass')).toHaveLength(
      examples.filter(({ id }) => id.startsWith('custom/')).length - 1,
    );
  });

  test('trains while one watches, and reads digits', async () => {
    await open('?device=wasm');
    await page.click('#train');
    await page.waitForFunction(() =>
      (document.querySelector('#training .curve')?.getAttribute('aria-label') ?? '').includes('points'),
    );
    await page.waitForSelector('#training[data-state="done"]');
    await finished('#train');
    const percent = Number.parseFloat(await page.innerText('.accuracy strong'));
    expect(percent).toBeGreaterThan(85);
    expect(percent).toBeLessThan(100);
    await page.waitForFunction(() =>
      /from 2\.\d+ to 0\.\d+/.test(document.querySelector('#training .curve')!.getAttribute('aria-label')!),
    );

    // A digit that the model reads right, then one that is drawn.
    await page.click('.sample:not(.wrong)');
    await page.waitForFunction(() => /which is right/.test(document.querySelector('.answer')!.textContent));
    const box = (await page.locator('.pad').boundingBox())!;
    const drawn = await page.locator('.reading .digit').screenshot();
    await page.mouse.move(box.x + 80, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 80, box.y + 140);
    await page.mouse.up();
    await page.waitForFunction(() => /^The model reads \d\.$/.test(document.querySelector('.answer')!.textContent));
    expect(await page.locator('.reading .digit').screenshot()).not.toEqual(drawn);
    const shares = await page.locator('.bars .number').allInnerTexts();
    expect(shares).toHaveLength(10);
    expect(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)).toBeCloseTo(100, 0);
    await page.locator('#training').screenshot({ path: `${pictures}training.png` });
  });

  test('can be stopped while it trains', async () => {
    await open('?device=wasm');
    // At once: a fast machine would be done before a second command arrives.
    await page.evaluate(() => {
      const [train, stop] = document.querySelectorAll<HTMLButtonElement>('#training button');
      train!.click();
      stop!.click();
    });
    await page.waitForSelector('#training[data-state="stopped"]');
    expect(await page.innerText('#training .verdict')).toBe('Stopped.');
    await finished('#train');
  });
});

describe('on WebGPU', () => {
  test('runs examples', async () => {
    await open('?device=webgpu');
    await runGroup('custom');
    const shown = (await table()).filter(({ id }) => id.startsWith('custom/'));
    expect(shown.filter(({ status }) => status !== '✓ pass')).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
    expect(await page.innerText('#chapter .verdict')).toContain('passed on WebGPU');
    // The other engine's column is its own: nothing has run there.
    await page.check('#engine-wasm');
    expect(await page.innerText('#chapter .verdict')).toBe('Nothing has run on WebAssembly yet.');
    expect((await table()).every(({ status }) => status === '')).toBe(true);
  });

  test('is explained where it is absent, and nothing takes its place', async () => {
    await open('?device=webgpu', (page) =>
      page.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    expect(await page.isDisabled('#engine-webgpu')).toBe(true);
    expect(await page.innerText('#engine-webgpu-detail')).toContain('This browser has no WebGPU');
    expect(await page.isChecked('#engine-wasm')).toBe(false);
    expect(await page.isDisabled('#run-chapter')).toBe(true);
    expect(await page.isDisabled('#train')).toBe(true);
    await page.screenshot({ path: `${pictures}absent.png` });
    await page.check('#engine-wasm');
    expect(await page.isDisabled('#run-chapter')).toBe(false);
  });
});
