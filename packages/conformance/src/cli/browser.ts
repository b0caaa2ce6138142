import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
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
      let host: PageHost;
      try {
        host = await openPage();
      } catch (error) {
        return {
          target: name,
          status: 'absent',
          message: describeError(error),
          dtypes: ['float32', 'int32', 'bool'],
          results: [],
          milliseconds: performance.now() - start,
        };
      }
      try {
        return await host.run({ ...options, target: name, device }, onProgress ?? (() => {}));
      } finally {
        await host.close();
      }
    },
  };
}

interface PageHost {
  run(request: PageRequest, onProgress: (progress: Progress) => void): Promise<TargetReport>;
  close(): Promise<void>;
}

async function openPage(): Promise<PageHost> {
  const { createServer } = await import('vite');
  const { chromium } = await import('playwright');
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    root: fileURLToPath(new URL('../../', import.meta.url)),
    resolve: { conditions: [...sourceConditions(), 'module', 'browser', 'development|production'] },
    // Everything the page loads is modules already; bundling it first would move the engine away from its WebAssembly.
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [{ name: 'conformance-page', configureServer: ({ middlewares }) => void middlewares.use(servePage) }],
    server: {
      port: 0,
      host: '127.0.0.1',
      hmr: false,
      watch: null,
      fs: { strict: false },
      // WebAssembly threads need a cross-origin isolated page.
      headers: isolation,
    },
  });
  const closers: (() => Promise<unknown>)[] = [() => server.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    await server.listen();
    const executablePath = process.env['CHROME_BIN'];
    const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: chromeArguments() });
    closers.push(() => browser.close());
    const page = await browser.newPage();
    let progress: (event: Progress) => void = () => {};
    await page.exposeFunction('conformanceProgress', (event: Progress) => progress(event));
    const lost = new Promise<never>((_resolve, reject) => {
      page.on('crash', () => reject(new Error('the page crashed')));
      page.on('close', () => reject(new Error('the page was closed')));
    });
    // Closing on purpose rejects it as well, when nobody listens any more.
    lost.catch(() => {});
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(server.resolvedUrls!.local[0]!);
    await page
      .waitForFunction(() => 'runConformanceTarget' in globalThis, undefined, { timeout: 120_000 })
      .catch((error: unknown) => {
        throw new Error(`the page did not start: ${errors.join('; ') || describeError(error)}`);
      });
    return {
      run: (request, onProgress) => {
        progress = onProgress;
        return Promise.race([page.evaluate((value) => globalThis.runConformanceTarget(value), request), lost]);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

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

/** In a checkout, packages resolve to their sources; where they are installed, to what was built. */
function sourceConditions(): string[] {
  return inCheckout() ? ['@chimera-nn/source'] : [];
}

function chromeArguments(): string[] {
  const args = ['--enable-unsafe-webgpu'];
  if (process.platform === 'linux' && !existsSync('/dev/dri') && !existsSync('/dev/nvidia0'))
    args.push('--use-webgpu-adapter=swiftshader');
  // Chrome's sandbox refuses to start as root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return args;
}
