// What this machine offers to the engines: Chrome, a GPU or a stand-in for one, and the folder where large downloads are kept.
// The bootstrap exports these values to every task; test configurations import them, so that a test run started by hand sees the same.
// Plain JavaScript without dependencies: it runs before anything is installed.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Where downloads that are too large to repeat are kept: `CHIMERA_CACHE`, or `chimera-nn` in the user's cache folder. */
export function cacheFolder() {
  if (process.env.CHIMERA_CACHE) return process.env.CHIMERA_CACHE;
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, 'chimera-nn');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'chimera-nn');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'chimera-nn');
  return join(homedir(), '.cache', 'chimera-nn');
}

/** The folder of `PATH` entries that holds an executable of this name, or undefined. */
export function findExecutable(/** @type {string} */ name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== '' && isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** The Chrome or Chromium to test browsers with: `CHROME_BIN`, then the usual places. A wrong `CHROME_BIN` is an error, not a hint. */
export function findChrome() {
  const named = process.env.CHROME_BIN;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROME_BIN is ${named}, which is not an executable file.`);
    return named;
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']) {
    const found = findExecutable(name);
    if (found) return found;
  }
  const fixed = {
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    win32: [
      join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
      join(process.env['PROGRAMFILES(X86)'] ?? 'C:\\Program Files (x86)', 'Google\\Chrome\\Application\\chrome.exe'),
    ],
  };
  return (
    (fixed[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? []).find(isExecutable) ?? findPlaywrightChrome()
  );
}

function findPlaywrightChrome() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  if (!existsSync(folder)) return undefined;
  const builds = readdirSync(folder)
    .filter((name) => name.startsWith('chromium-'))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
  return builds
    .flatMap((build) => ['chrome-linux64', 'chrome-linux'].map((inner) => join(folder, build, inner, 'chrome')))
    .find(isExecutable);
}

/** Whether a GPU can be used: on Linux a device node together with a Vulkan driver for it, elsewhere assumed. */
export function hasGpu() {
  if (process.platform !== 'linux') return true;
  const device =
    existsSync('/dev/nvidia0') ||
    (existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD')));
  const drivers = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder));
  // Mesa's lavapipe is a driver without a card.
  return device && drivers.some((name) => !name.startsWith('lvp_'));
}

/** The flags with which Chrome offers WebGPU on this machine. */
export function chromeArguments() {
  const flags = ['--enable-unsafe-webgpu'];
  if (!hasGpu()) flags.push('--use-webgpu-adapter=swiftshader');
  // Chrome's sandbox refuses to start as root.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  return flags;
}

/**
 * The variables under which WebGPU in Node finds a device. With a GPU, none are needed. Without one, Chromium's own software renderer
 * SwiftShader and the Vulkan loader beside it serve; a driver that the caller chose through `VK_ICD_FILENAMES` is left alone.
 *
 * @returns {Record<string, string>}
 */
export function gpuEnvironment() {
  if (process.platform !== 'linux' || hasGpu()) return {};
  const driver = process.env.VK_ICD_FILENAMES ?? findSwiftShader();
  if (driver === undefined) return {};
  /** @type {Record<string, string>} */
  const environment = { VK_ICD_FILENAMES: driver };
  if (!process.env.XDG_RUNTIME_DIR)
    environment.XDG_RUNTIME_DIR = privateFolder(join(tmpdir(), `chimera-nn-runtime-${process.getuid?.()}`));
  const loader = join(dirname(driver), 'libvulkan.so.1');
  if (existsSync(loader)) {
    // Only the loader is put on the search path: Chromium's folder holds libraries that other programs must not pick up.
    const folder = join(cacheFolder(), 'vulkan');
    const search = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter((entry) => entry !== '' && entry !== folder);
    linkFile(loader, join(folder, 'libvulkan.so.1'));
    environment.LD_LIBRARY_PATH = [...search, folder].join(':');
  }
  return environment;
}

/** Everything that tasks and tests need to know about this machine. */
export function engineEnvironment() {
  const chrome = findChrome();
  return { ...(chrome === undefined ? {} : { CHROME_BIN: chrome }), ...gpuEnvironment() };
}

/** Puts {@link engineEnvironment} into this process, for the processes that it starts from now on. */
export function applyEngineEnvironment() {
  Object.assign(process.env, engineEnvironment());
}

function findSwiftShader() {
  const chrome = findChrome();
  const folders = [
    chrome && dirname(realpathSync(chrome)),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
  return folders
    .filter((folder) => typeof folder === 'string')
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find(existsSync);
}

function isExecutable(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function privateFolder(/** @type {string} */ path) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

function linkFile(/** @type {string} */ target, /** @type {string} */ path) {
  if (existsSync(path) && realpathSync(path) === realpathSync(target)) return;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  try {
    symlinkSync(target, path);
  } catch (error) {
    // Another process made the same link in the meantime.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}
