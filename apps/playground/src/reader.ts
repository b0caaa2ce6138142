import type { Digits, TrainedDigits } from '@chimera-nn/conformance';
import { noGrad, tensor } from '@chimera-nn/core';
import type { Device } from '@chimera-nn/core';
import { digitImage, pixelsOfDrawing, showPixels, side } from './digit-image.ts';
import { element } from './element.ts';
import type { Workbench } from './workbench.ts';

const pixels = side * side;
/** How many of its mistakes are shown, and how many digits that it reads right. */
const ofEach = 12;

/** A trained model at work: it names digits that it has not seen, and digits that are drawn here. */
export function reader(device: Device, trained: TrainedDigits, heldOut: Digits, workbench: Workbench): HTMLElement {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const meter = element('meter', { min: 0, max: 1, value: 0, 'aria-label': `Probability of ${digit}` });
    const share = element('span', { class: 'number' });
    return { meter, share, row: element('li', {}, element('span', { class: 'label' }, String(digit)), meter, share) };
  });
  const seen = digitImage(new Float32Array(pixels));
  const answer = element('output', { class: 'answer' }, 'Choose a digit, or draw one.');

  const read = (image: Float32Array, truth?: number) =>
    workbench.work(async () => {
      showPixels(seen, image);
      const logits = noGrad(() => trained.net(tensor(image, { device }).reshape([1, pixels])));
      const probabilities = [...(await logits.softmax(1).data())].map(Number);
      const best = probabilities.indexOf(Math.max(...probabilities));
      for (const [digit, { meter, share, row }] of bars.entries()) {
        const probability = probabilities[digit]!;
        meter.value = probability;
        share.textContent = `${(100 * probability).toFixed(1)} %`;
        row.classList.toggle('best', digit === best);
      }
      answer.textContent = `The model reads ${best}${truth === undefined ? '.' : truth === best ? ', which is right.' : `. It is ${truth}.`}`;
    });

  const isRight = (i: number): boolean => trained.predictions[i] === heldOut.labels[i];
  const all = Array.from({ length: heldOut.count }, (_, i) => i);
  const chosen = [false, true].flatMap((right) => all.filter((i) => isRight(i) === right).slice(0, ofEach));
  const samples = chosen.map((i) => {
    const image = heldOut.images.slice(i * pixels, (i + 1) * pixels);
    const [truth, prediction] = [heldOut.labels[i]!, trained.predictions[i]!];
    return element(
      'button',
      {
        type: 'button',
        class: isRight(i) ? 'sample' : 'sample wrong',
        'aria-label': isRight(i) ? `A ${truth}, read as ${prediction}` : `A ${truth}, wrongly read as ${prediction}`,
        onclick: () => void read(image, truth),
      },
      digitImage(image),
      element('span', {}, isRight(i) ? String(prediction) : `${prediction}, not ${truth}`),
    );
  });

  const pad = drawingPad((image) => void read(image));
  return element(
    'div',
    { class: 'reader' },
    element('h3', {}, 'What it says about digits that it has not seen'),
    element(
      'p',
      { class: 'muted' },
      'Up to twelve of its mistakes, then as many that it reads right. Choose one for the probabilities, or draw a digit.',
    ),
    element('div', { class: 'samples' }, ...samples),
    element(
      'div',
      { class: 'reading' },
      pad,
      element('figure', {}, element('figcaption', {}, 'What the model sees'), seen),
      element(
        'div',
        {},
        answer,
        element('ul', { class: 'bars', 'aria-label': 'Probabilities' }, ...bars.map(({ row }) => row)),
      ),
    ),
  );
}

/** A square to draw on with a pen, a finger or a mouse. Tells what was drawn after every stroke. */
function drawingPad(onDrawn: (image: Float32Array) => void): HTMLElement {
  const size = 160;
  const canvas = element('canvas', { class: 'pad', width: size, height: size, 'aria-label': 'Draw a digit here' });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  Object.assign(context, { lineWidth: 16, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' });
  const pointOf = ({ offsetX, offsetY }: PointerEvent): [number, number] => [
    (offsetX * size) / canvas.clientWidth,
    (offsetY * size) / canvas.clientHeight,
  ];
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    context.beginPath();
    context.moveTo(...pointOf(event));
    context.lineTo(...pointOf(event));
    context.stroke();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    context.lineTo(...pointOf(event));
    context.stroke();
  });
  canvas.addEventListener('pointerup', () => {
    const image = pixelsOfDrawing(canvas);
    if (image !== undefined) onDrawn(image);
  });
  const clear = element('button', { type: 'button', onclick: () => context.clearRect(0, 0, size, size) }, 'Clear');
  return element('figure', {}, element('figcaption', {}, 'Draw a digit'), canvas, clear);
}
