// Runs a program to its end with a time limit, and keeps what it printed for the error message.

import { spawn } from 'node:child_process';

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string; env?: NodeJS.ProcessEnv; seconds: number }} options
 * @returns {Promise<{ ok: boolean; output: string }>}
 */
export function command(program, args, { cwd, env, seconds }) {
  return new Promise((resolve) => {
    // A group of its own: install scripts start children, which must end with them.
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let output = '';
    let expired = false;
    const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      expired = true;
      try {
        if (child.pid === undefined || process.platform === 'win32') child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    }, seconds * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, output: `${program}: ${error.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0 && !expired, output: expired ? `${output}\n(ended after ${seconds} s)` : output });
    });
  });
}

/** The last lines of a program's output, indented under a message. */
export function tail(/** @type {string} */ output, lines = 12) {
  return output
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => `      ${line}`)
    .join('\n');
}
