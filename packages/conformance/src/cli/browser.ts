import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeviceError } from '@chimera-nn/core';
import type { Browser, BrowserType } from 'playwright';
import type { ViteDevServer } from 'vite';
import { describeError } from '../runner/case.ts';
import type { TargetReport } from '../runner/result.ts';
import type { Progress, RemoteTarget } from '../runner/target.ts';
import type { PageRequest } from './page-request.ts';

/** A device inside headless Chromium: the page runs the same cases and tells of each as it ends. */
export function browserTarget(name: string, device: PageRequest['device'], optional: boolean): RemoteTarget {
  return {
    name,
    optional,
    run: async ({ onProgress, examples, ...options }) => {
      if (examples !== undefined) throw new TypeError(`${name}: a page runs the examples that it is built with`);
      const start = performance.now();
      let browser: Browser;
      try {
        browser = await launch();
      } catch (error) {
        const message = describeError(error);
        const dtypes = ['float32', 'int32', 'bool'] as const;
        return {
          target: name,
          status: 'absent',
          message,
          dtypes,
          results: [],
          milliseconds: performance.now() - start,
        };
      }
      // From here on everything is ours: whatever fails is a failure.
      try {
        const server = await serve();
        try {
          return await runPage(browser, server, { ...options, target: name, device }, onProgress ?? (() => {}));
        } finally {
          await server.close();
        }
      } finally {
        await browser.close();
      }
    },
  };
}

async function launch(): Promise<Browser> {
  let chromium: BrowserType;
  try {
    ({ chromium } = await import('playwright'));
    await import('vite');
  } catch (error) {
    throw new DeviceError('Running in a browser takes the packages playwright and vite: npm install playwright vite', {
      cause: error,
    });
  }
  const executablePath = findChrome();
  try {
    return await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: chromeArguments() });
  } catch (error) {
    const reason = describeError(error).split('\n', 1)[0];
    throw new DeviceError(
      `Chromium could not be started (${reason}). Install it, set CHROME_BIN to it, or run: npx playwright install chromium`,
      { cause: error },
    );
  }
}

async function serve(): Promise<ViteDevServer> {
  const { createServer } = await import('vite');
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    root: fileURLToPath(new URL('../../', import.meta.url)),
    // In a checkout, packages resolve to their sources; where they are installed, to what was built.
    resolve: {
      conditions: [...(inCheckout() ? ['@chimera-nn/source'] : []), 'module', 'browser', 'development|production'],
    },
    // Everything the page loads is modules already; bundling it first would move the engine away from its WebAssembly.
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [{ name: 'conformance-page', configureServer: ({ middlewares }) => void middlewares.use(servePage) }],
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null, fs: { strict: false }, headers: isolation },
  });
  return server.listen();
}

async function runPage(
  browser: Browser,
  server: ViteDevServer,
  request: PageRequest,
  onProgress: (progress: Progress) => void,
): Promise<TargetReport> {
  const page = await browser.newPage();
  await page.exposeFunction('conformanceProgress', onProgress);
  const lost = new Promise<never>((_resolve, reject) => {
    page.on('crash', () => reject(new Error('the page crashed')));
    page.on('close', () => reject(new Error('the page was closed')));
  });
  // Closing on purpose rejects it as well, when nobody listens any more.
  lost.catch(() => {});
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('requestfailed', (failed) => errors.push(`${failed.url()} did not load`));
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.url()}: ${response.status()}`);
  });
  await page.goto(server.resolvedUrls!.local[0]!);
  try {
    await page.waitForFunction(() => 'runConformanceTarget' in globalThis, undefined, { timeout: 60_000 });
  } catch (error) {
    throw new Error(`the page did not start: ${errors.join('; ') || describeError(error)}`, { cause: error });
  }
  return Promise.race([page.evaluate((value) => globalThis.runConformanceTarget(value), request), lost]);
}

// WebAssembly threads need a cross-origin isolated page.
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

function servePage(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.url !== '/') {
    next();
    return;
  }
  const script = inCheckout() ? '/src/page.ts' : '/dist/page.js';
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...isolation });
  response.end(`<!doctype html><title>Chimera conformance</title><script type="module" src="${script}"></script>`);
}

function inCheckout(): boolean {
  return import.meta.url.endsWith('.ts');
}

/** `CHROME_BIN`, or a Chrome on the PATH; undefined leaves the choice to Playwright. */
function findChrome(): string | undefined {
  const named = process.env['CHROME_BIN'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function chromeArguments(): string[] {
  const args = ['--enable-unsafe-webgpu'];
  if (process.platform === 'linux' && !existsSync('/dev/dri') && !existsSync('/dev/nvidia0'))
    args.push('--use-webgpu-adapter=swiftshader');
  // Chrome's sandbox refuses to start as root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return args;
}
