// Gives @tensorflow/tfjs-node its native half: libtensorflow and the addon that binds it to Node.
//
// The package's own install script fetches both from the network and breaks a whole workspace install where it cannot, so pnpm does not
// run it; this step does, and knows another way. In order:
//   1. the addon loads already: nothing to do;
//   2. the package's own install script;
//   3. TensorFlow's C libraries out of the Python wheel, and the addon compiled against them.
// What the third way makes is kept in the cache folder, so that a fresh checkout neither downloads nor compiles again.
//
// Usage: node tooling/provision/tfjs-node.mjs

import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, findExecutable } from '../environment.mjs';
import { command, tail } from './command.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const wheels = ['tensorflow-cpu==2.21.*', 'tensorflow-cpu'];
const probe = join(here, 'tfjs-node-probe.cjs');

/** Provisions every copy of the package in the workspace; throws an error that tells all that was tried. */
export async function provisionTfjsNode() {
  const folders = packageFolders();
  if (folders.length === 0) throw new Error('@tensorflow/tfjs-node is not installed: run pnpm install first.');
  for (const folder of folders) await provision(folder);
}

/** pnpm links packages into a store: the same package may be reached by several names, and there may be more than one copy. */
function packageFolders() {
  const found = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'node_modules', '@tensorflow', 'tfjs-node'))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  return [...new Set(found)];
}

async function provision(/** @type {string} */ folder) {
  const first = await runProbe(folder);
  if (first.ok) return console.log(`tfjs-node: ready (${lastLine(first.output)})`);

  const attempts = [`1. loading the addon:\n${reason(first.output)}`];
  const libraries = join(cacheFolder(), `libtensorflow-${process.platform}-${process.arch}`);
  // Once the third way has succeeded on this machine, there is no reason to wait for the network again.
  const ways = existsSync(libraries) ? [fromWheel] : [ownInstallScript, fromWheel];
  for (const way of ways) {
    try {
      await way(folder, libraries);
      const result = await runProbe(folder);
      if (!result.ok) throw new Error(`the addon was made but does not work:\n${tail(result.output)}`);
      return console.log(`tfjs-node: provisioned (${lastLine(result.output)})`);
    } catch (error) {
      const label =
        way === ownInstallScript
          ? "2. the package's own install script"
          : '3. libraries from the TensorFlow wheel, addon compiled here';
      attempts.push(`${label}:\n      ${/** @type {Error} */ (error).message}`);
    }
  }
  throw new Error(
    `@tensorflow/tfjs-node has no native addon on this machine. What was tried, and how it failed:\n  ${attempts.join('\n  ')}\n` +
      `  What to do: let this machine reach the network that step 2 names, or, on Linux, have python3 with pip, g++ and make installed and a Python\n` +
      `  package index that offers tensorflow-cpu (step 3). To start over, remove ${libraries}.`,
  );
}

/** The line that names the error, out of what a failing Node process prints. */
function reason(/** @type {string} */ output) {
  const line = output.split('\n').find((text) => /^(\w*Error|Cannot find)/.test(text));
  return line === undefined ? tail(output, 3) : `      ${line}`;
}

function lastLine(/** @type {string} */ output) {
  return output.trim().split('\n').at(-1);
}

/** Loads the package in a process of its own and multiplies two matrices. */
function runProbe(/** @type {string} */ folder) {
  return command(process.execPath, [probe, folder], { seconds: 120 });
}

async function ownInstallScript(/** @type {string} */ folder) {
  const manifest = join(folder, 'package.json');
  const text = readFileSync(manifest, 'utf8');
  const { origin } = new URL(
    process.env.TFJS_NODE_CDN_STORAGE ?? process.env.CDN_STORAGE ?? JSON.parse(text).binary.host,
  );
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name]);
  // The script waits without end for a host that does not answer.
  if (!proxied && !(await answers(origin))) throw new Error(`${origin}, from which it downloads, cannot be reached.`);
  // The script rewrites package.json in place, which may be one file with the package manager's store: give it a file of its own.
  writeFileSync(`${manifest}.own`, text);
  renameSync(`${manifest}.own`, manifest);
  try {
    const result = await command(process.execPath, ['scripts/install.js'], {
      cwd: folder,
      env: buildEnvironment(folder),
      seconds: 420,
    });
    if (!result.ok) throw new Error(`it failed:\n${tail(result.output)}`);
  } finally {
    writeFileSync(manifest, text);
  }
}

async function answers(/** @type {string} */ origin) {
  try {
    await fetch(origin, { method: 'HEAD', signal: AbortSignal.timeout(8000) });
    return true;
  } catch {
    return false;
  }
}

async function fromWheel(/** @type {string} */ folder, /** @type {string} */ libraries) {
  if (process.platform !== 'linux') throw new Error(`only known to work on Linux, and this is ${process.platform}.`);
  if (!existsSync(libraries)) await extractWheel(libraries);

  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  symlinkSync(libraries, deps);

  const { version, binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const napi = Math.max(
    ...binary.napi_versions.filter((/** @type {number} */ known) => known <= Number(process.versions.napi)),
  );
  const addon = join(folder, 'lib', `napi-v${napi}`, `${binary.module_name}.node`);
  const kept = join(libraries, 'addons', `tfjs-node-${version}-napi-v${napi}.node`);
  if (existsSync(kept)) {
    mkdirSync(dirname(addon), { recursive: true });
    cpSync(kept, addon);
    if ((await runProbe(folder)).ok) return;
    rmSync(kept);
  }
  for (const tool of ['g++', 'make', 'python3']) {
    if (!findExecutable(tool))
      throw new Error(`${tool} is not installed; on Debian: apt-get install g++ make python3.`);
  }
  const tool = createRequire(join(folder, 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  const built = await command(process.execPath, [tool, 'install', '--build-from-source'], {
    cwd: folder,
    env: buildEnvironment(folder),
    seconds: 420,
  });
  if (!built.ok) throw new Error(`compiling the addon failed:\n${tail(built.output, 30)}`);
  if (!existsSync(addon)) throw new Error(`compiling the addon left nothing at ${addon}.`);
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(addon, `${kept}.${process.pid}`);
  renameSync(`${kept}.${process.pid}`, kept);
}

/** Downloads TensorFlow's wheel and lays out its libraries as the addon's build expects them. The folder appears whole or not at all. */
async function extractWheel(/** @type {string} */ libraries) {
  if (!findExecutable('python3'))
    throw new Error('python3 is not installed; on Debian: apt-get install python3 python3-pip.');
  mkdirSync(dirname(libraries), { recursive: true });
  const work = mkdtempSync(`${libraries}-`);
  try {
    const wheel = await downloadWheel(work);
    const parts = join(work, 'parts');
    const extracted = await command('python3', [join(here, 'extract_wheel.py'), wheel, parts], { seconds: 300 });
    if (!extracted.ok) throw new Error(`extracting ${wheel} failed:\n${tail(extracted.output)}`);
    for (const [name, target] of [
      ['libtensorflow.so', 'libtensorflow_cc.so.2'],
      // Under this name the package's own scripts look for the library.
      ['libtensorflow.so.2.9.1', 'libtensorflow_cc.so.2'],
      ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
    ]) {
      symlinkSync(/** @type {string} */ (target), join(parts, 'lib', /** @type {string} */ (name)));
    }
    if (!lstatSync(libraries, { throwIfNoEntry: false })) renameSync(parts, libraries);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function downloadWheel(/** @type {string} */ folder) {
  console.log('tfjs-node: downloading the TensorFlow wheel (270 MB)');
  let failure = '';
  for (const requirement of wheels) {
    // The libraries inside do not depend on Python's version: where this Python is too new or too old for a wheel, take another's.
    for (const platform of [
      [],
      [
        '--python-version',
        '311',
        '--implementation',
        'cp',
        '--abi',
        'cp311',
        '--platform',
        `manylinux_2_27_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`,
      ],
    ]) {
      const args = [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--progress-bar',
        'off',
        '--dest',
        folder,
        ...platform,
        requirement,
      ];
      const result = await command('python3', args, { seconds: 600 });
      const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
      if (result.ok && wheel) return join(folder, wheel);
      failure = result.output;
      if (/No module named pip/.test(failure))
        throw new Error('python3 has no pip; on Debian: apt-get install python3-pip.');
    }
  }
  throw new Error(`python3 -m pip download ${wheels[0]} failed:\n${tail(failure)}`);
}

/** Where node-pre-gyp finds node-gyp, and node-gyp the headers of this Node: beside it, so that nothing is downloaded. */
function buildEnvironment(/** @type {string} */ folder) {
  const env = { ...process.env };
  const gyp = createRequire(join(here, '..', 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  env.npm_config_node_gyp = gyp;
  env.PATH = `${join(folder, 'node_modules', '.bin')}:${dirname(process.execPath)}:${env.PATH}`;
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  if (existsSync(join(prefix, 'include', 'node', 'common.gypi'))) env.npm_config_nodedir = prefix;
  return env;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await provisionTfjsNode();
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
