import { element } from './element.ts';
import type { Engine } from './engines.ts';
import type { Workbench } from './workbench.ts';

/**
 * The choice between engines. One that this browser lacks cannot be chosen and says why. An address that ends in `?device=wasm` or
 * `?device=webgpu` chooses; if what it asks for is absent, nothing else takes its place.
 */
export function engineChooser(engines: readonly Engine[], workbench: Workbench): HTMLElement {
  const asked = new URLSearchParams(location.search).get('device');
  const preferred = engines.find(({ id, absence }) => (asked === null ? absence === undefined : id === asked));
  const chosen = preferred?.absence === undefined ? preferred : undefined;

  const inputs = engines.map((engine) =>
    element('input', {
      type: 'radio',
      name: 'engine',
      id: `engine-${engine.id}`,
      value: engine.id,
      checked: engine === chosen,
      disabled: engine.absence !== undefined,
      'aria-describedby': `engine-${engine.id}-detail`,
      onchange: () => workbench.choose(engine),
    }),
  );
  const cards = engines.map(({ id, label, detail, absence }, i) =>
    element(
      'div',
      { class: absence === undefined ? 'card engine' : 'card engine absent' },
      inputs[i]!,
      element('label', { for: `engine-${id}` }, label),
      element(
        'p',
        { id: `engine-${id}-detail` },
        absence === undefined ? `Computes on ${detail}.` : element('strong', {}, 'Absent. '),
        absence ?? '',
      ),
    ),
  );
  const unanswered =
    asked !== null && chosen === undefined
      ? [
          element(
            'p',
            { class: 'notice', role: 'status' },
            preferred === undefined
              ? `This page's address asks for the engine “${asked}”, which does not exist. Choose one of these.`
              : `This page's address asks for ${preferred.label}, which is absent here. Nothing takes its place unless you choose it.`,
          ),
        ]
      : [];

  workbench.onChange(() => {
    for (const [i, input] of inputs.entries()) input.disabled = workbench.busy || engines[i]!.absence !== undefined;
  });
  if (chosen !== undefined) workbench.choose(chosen);
  return element(
    'section',
    { id: 'engines' },
    element(
      'fieldset',
      {},
      element('legend', {}, 'Engine'),
      ...unanswered,
      element('div', { class: 'cards' }, ...cards),
    ),
  );
}
