import { loadDigits, trainDigits } from '@chimera-nn/conformance';
import type { Device } from '@chimera-nn/core';
import { Curve } from './curve.ts';
import { element } from './element.ts';
import { reader } from './reader.ts';
import type { Workbench } from './workbench.ts';

/** Training while one watches: the chapter's perceptron learns to read handwritten digits. */
export function training(workbench: Workbench): HTMLElement {
  const seed = element('input', {
    type: 'number',
    id: 'seed',
    min: 0,
    max: 2 ** 31 - 1,
    step: 1,
    // That of the example above.
    value: 11,
    required: true,
  });
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Training steps done' });
  const verdict = element('output', { class: 'verdict' }, 'Not trained yet.');
  const outcome = element('div', { class: 'outcome' });
  const curve = new Curve({ x: 'step', y: 'cross-entropy loss' });
  let stopping = false;
  // The trained model stays on its device for as long as one may ask it something.
  let open: Device | undefined;

  const train = () =>
    workbench.work(async (engine) => {
      stopping = false;
      stop.disabled = false;
      curve.clear();
      outcome.replaceChildren();
      section.dataset['state'] = 'running';
      verdict.textContent = `Starting ${engine.label}`;
      try {
        await open?.close();
        open = undefined;
        const device = await engine.open();
        open = device;
        let computing = 0;
        let resumed = performance.now();
        const trained = await trainDigits(device, {
          seed: seed.valueAsNumber,
          onStep: async ({ step, steps, loss }) => {
            computing += performance.now() - resumed;
            curve.add(step, loss);
            progress.max = steps;
            progress.value = step;
            verdict.textContent = `Step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${(computing / step).toFixed(1)} ms per step`;
            // So that the page can show it.
            await new Promise((resolve) => setTimeout(resolve));
            if (stopping) throw new Stopped();
            resumed = performance.now();
          },
        });
        const { correct, count } = trained;
        const accuracy = ((100 * correct) / count).toFixed(1);
        verdict.textContent = `Trained on ${engine.label}, ${(computing / trained.losses.length).toFixed(1)} ms per step.`;
        const { heldOut } = await loadDigits();
        outcome.append(
          element(
            'p',
            { class: 'accuracy' },
            element('strong', {}, `${accuracy} %`),
            ` of the digits held out are named correctly: ${correct} of ${count}.`,
          ),
          reader(device, trained, heldOut, workbench),
        );
        section.dataset['state'] = 'done';
      } catch (error) {
        section.dataset['state'] = 'stopped';
        verdict.textContent = error instanceof Stopped ? 'Stopped.' : 'Failed.';
        if (!(error instanceof Stopped))
          outcome.append(
            element(
              'p',
              { class: 'notice fail', role: 'alert' },
              error instanceof Error ? `${error.name}: ${error.message}` : String(error),
            ),
          );
      } finally {
        stop.disabled = true;
      }
    });

  const start = element(
    'button',
    { type: 'button', class: 'primary', id: 'train', onclick: () => void (seed.reportValidity() && train()) },
    'Train',
  );
  const stop = element('button', { type: 'button', disabled: true, onclick: () => void (stopping = true) }, 'Stop');
  const section = element(
    'section',
    { id: 'training', 'aria-labelledby': 'training-title' },
    element('h2', { id: 'training-title' }, 'Training, live'),
    element(
      'p',
      {},
      'The chapter’s perceptron, with 64 inputs for the pixels of a handwritten digit and 256 hidden units, learns from 1,500 digits by ' +
        'gradient descent with momentum, and is tested on 297 others. The same seed gives the weights that it gives in PyTorch.',
    ),
    element(
      'div',
      { class: 'controls' },
      start,
      stop,
      element('label', { for: 'seed' }, 'Seed'),
      seed,
      progress,
      verdict,
    ),
    curve.element,
    outcome,
  );
  workbench.onChange(() => {
    start.disabled = !workbench.ready;
    seed.disabled = workbench.busy;
  });
  return section;
}

/** Ends training when its stop button was pressed. */
class Stopped extends Error {
  override name = 'Stopped';
}
