// From a fresh clone to a finished task in one command: `node tooling/bootstrap.mjs <task>...`, which `npm test` and `npm run demo` call.
//
// Brings its own Node 24 and pnpm where the system's are older, installs the workspace, gives the engines what they need (TensorFlow's
// library, Chrome, a software GPU where there is no card) and hands over to turbo, whose exit code it passes on.
// Plain JavaScript without dependencies, for Node >= 18: it runs before anything is installed.
// The task `setup` stops before turbo.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment, findChrome, findExecutable } from './environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolchain = join(root, '.toolchain');
const windows = process.platform === 'win32';
/** Tasks that compile or read sources only: no engine is fetched for them. */
const withoutEngines = new Set(['build', 'typecheck', 'lint', 'format:check', 'check:workspace', 'check:packages']);

const tasks = process.argv.slice(2);
if (tasks.length === 0)
  fail('Say what to do: node tooling/bootstrap.mjs <task>..., for example test, demo, lint, typecheck or setup.');

prepareToolchain();
installPackages();
const absent = tasks.every((task) => withoutEngines.has(task)) ? [] : prepareEngines();
process.exit(tasks.includes('setup') ? 0 : runTasks(absent));

/** Puts a Node >= 24 and the pinned pnpm first in PATH: the system's where they serve, else from `.toolchain`. */
function prepareToolchain() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pnpm = packageManager.split('@')[1];
  const missing = () => [
    ...(major(versionOf('node')) >= 24 ? [] : [`node-${windows ? 'win' : process.platform}-${process.arch}@24`]),
    ...(versionOf('pnpm') === pnpm ? [] : [`pnpm@${pnpm}`]),
  ];
  const lacking = missing();
  process.env.PATH = [join(toolchain, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  // The second look finds what an earlier run has installed.
  if (missing().length > 0) {
    say(`installing ${lacking.join(' and ')} into .toolchain`);
    rmSync(toolchain, { recursive: true, force: true });
    // One call for everything: npm removes what a call does not name.
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['install', '--prefix', toolchain, ...flags, ...lacking]);
    // pnpm's program is a placeholder until its own install script has put the platform's binary in its place.
    const install = join(toolchain, 'node_modules', 'pnpm', 'install.js');
    if (existsSync(install)) run('node', [install]);
  }
  const node = versionOf('node');
  if (!(major(node) >= 24))
    fail(
      `Node 24 or later is needed, and ${node ?? 'none'} is what PATH gives after installing one into .toolchain. Install Node 24, or remove .toolchain and try again.`,
    );
  if (versionOf('pnpm') !== pnpm)
    fail(
      `pnpm ${pnpm} is needed, and ${versionOf('pnpm') ?? 'none'} is what PATH gives. Remove .toolchain and try again.`,
    );
  say(`Node ${node}, pnpm ${pnpm}`);
}

function installPackages() {
  // The lockfile is under review like any other file: checking every entry against the registry again costs a minute.
  process.env.PNPM_CONFIG_TRUST_LOCKFILE = 'true';
  run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'], { quiet: true });
}

/** Returns what could not be made available: reported now and at the end, never passed over. */
function prepareEngines() {
  const absent = [];
  if (spawn('node', [join(root, 'tooling', 'provision', 'tfjs-node.mjs')], {}).status !== 0) {
    absent.push('TensorFlow (@tensorflow/tfjs-node): its native addon could not be provisioned, as told above.');
  }
  if (findChrome() === undefined) installChrome();
  const chrome = findChrome();
  if (chrome === undefined) {
    absent.push('Chrome: browser targets are not run. Install Chrome or Chromium, or set CHROME_BIN to one.');
  }
  const environment = engineEnvironment();
  Object.assign(process.env, environment);
  for (const [name, value] of Object.entries(environment)) say(`${name}=${value}`);
  report(absent);
  return absent;
}

function installChrome() {
  if (process.platform === 'linux' && process.getuid?.() === 0 && findExecutable('apt-get')) {
    say('no Chrome found: installing chromium with apt-get');
    const install = () =>
      spawn('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { quiet: true }).status === 0;
    process.env.DEBIAN_FRONTEND = 'noninteractive';
    // The package lists may be missing, as in most container images.
    if (!install() && spawn('apt-get', ['update'], { quiet: true }).status === 0) install();
    if (findChrome() !== undefined) return;
  }
  say('no Chrome found: asking playwright for one');
  spawn('pnpm', ['exec', 'playwright', 'install', 'chromium'], { quiet: true, timeout: 300_000 });
}

function runTasks(/** @type {string[]} */ absent) {
  const wanted = [...tasks];
  if (wanted.includes('test')) {
    wanted.push(...(process.env.CHROME_BIN ? ['test:browser'] : []));
    // Results of former runs must not be counted: turbo writes those of this run, or restores those of an identical one.
    spawn('node', [join(root, 'tooling', 'summary.mjs'), '--clear'], {});
  }
  process.env.TURBO_TELEMETRY_DISABLED ??= '1';
  process.env.DO_NOT_TRACK ??= '1';
  // Engines use several threads, and vitest several processes: half as many packages at a time as there are cores.
  const concurrency = `--concurrency=${Math.max(1, Math.floor(cpus().length / 2))}`;
  const turbo = wanted.filter((task) => task !== 'demo');
  let code = 0;
  if (turbo.length > 0)
    code = spawn('pnpm', ['exec', 'turbo', 'run', ...turbo, '--continue', concurrency], {}).status ?? 1;
  // Not through turbo, behind which a terminal is none: the demo draws bars.
  if (wanted.includes('demo'))
    code ||= spawn('pnpm', ['--dir', join('packages', 'conformance'), 'run', 'demo'], {}).status ?? 1;
  if (wanted.includes('test') && spawn('node', [join(root, 'tooling', 'summary.mjs')], {}).status !== 0) code ||= 1;
  report(absent);
  return code;
}

function report(/** @type {string[]} */ absent) {
  for (const line of absent) console.error(`\n!! ABSENT - ${line}`);
}

function versionOf(/** @type {string} */ program) {
  const result = spawnSync(program, ['--version'], { cwd: root, encoding: 'utf8', shell: windows });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, '') : undefined;
}

function major(/** @type {string | undefined} */ version) {
  return Number(version?.split('.')[0]);
}

/** Runs a program in the repository's root; with `quiet`, its output is shown only if it fails. */
function spawn(
  /** @type {string} */ program,
  /** @type {string[]} */ args,
  /** @type {{ quiet?: boolean; timeout?: number }} */ { quiet = false, timeout },
) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: quiet ? 'pipe' : 'inherit',
    shell: windows,
    timeout,
    maxBuffer: 1 << 28,
  });
  if (quiet && result.status !== 0) {
    console.error(`${program} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}`);
    console.error([result.stdout, result.stderr].join('\n').trim().split('\n').slice(-40).join('\n'));
  }
  return result;
}

function run(/** @type {string} */ program, /** @type {string[]} */ args, options = {}) {
  const result = spawn(program, args, options);
  if (result.status !== 0)
    fail(`${program} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}.`);
}

function say(/** @type {string} */ line) {
  console.log(`bootstrap: ${line}`);
}

function fail(/** @type {string} */ line) {
  console.error(`bootstrap: ${line}`);
  process.exit(1);
}
