import { runCli } from './cli/run-cli.ts';
import { examples } from './examples/registry.ts';

// The chapter's examples on every device that this machine has, with a page of what they show.
process.exitCode = await runCli(['--filter', ...examples.map(({ id }) => id), '--html', '.results/examples.html']);
process.stdout.write('', () => process.exit());
