#!/usr/bin/env node
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2));
// Engines keep threads and timers of their own alive after their device has been closed.
process.stdout.write('', () => process.exit());
