// Written by tooling/goldens/cases.py.
export const familyFiles = {
  'einsum': { manifest: new URL('../../goldens/cases/einsum.json', import.meta.url), goldens: new URL('../../goldens/cases/einsum.safetensors', import.meta.url) },
  'elementwise': { manifest: new URL('../../goldens/cases/elementwise.json', import.meta.url), goldens: new URL('../../goldens/cases/elementwise.safetensors', import.meta.url) },
  'functional': { manifest: new URL('../../goldens/cases/functional.json', import.meta.url), goldens: new URL('../../goldens/cases/functional.safetensors', import.meta.url) },
  'indexing': { manifest: new URL('../../goldens/cases/indexing.json', import.meta.url), goldens: new URL('../../goldens/cases/indexing.safetensors', import.meta.url) },
  'init': { manifest: new URL('../../goldens/cases/init.json', import.meta.url), goldens: new URL('../../goldens/cases/init.safetensors', import.meta.url) },
  'joining': { manifest: new URL('../../goldens/cases/joining.json', import.meta.url), goldens: new URL('../../goldens/cases/joining.safetensors', import.meta.url) },
  'layers-activation': { manifest: new URL('../../goldens/cases/layers-activation.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-activation.safetensors', import.meta.url) },
  'layers-attention': { manifest: new URL('../../goldens/cases/layers-attention.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-attention.safetensors', import.meta.url) },
  'layers-container': { manifest: new URL('../../goldens/cases/layers-container.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-container.safetensors', import.meta.url) },
  'layers-convolution': { manifest: new URL('../../goldens/cases/layers-convolution.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-convolution.safetensors', import.meta.url) },
  'layers-dropout': { manifest: new URL('../../goldens/cases/layers-dropout.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-dropout.safetensors', import.meta.url) },
  'layers-linear': { manifest: new URL('../../goldens/cases/layers-linear.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-linear.safetensors', import.meta.url) },
  'layers-loss': { manifest: new URL('../../goldens/cases/layers-loss.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-loss.safetensors', import.meta.url) },
  'layers-normalization': { manifest: new URL('../../goldens/cases/layers-normalization.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-normalization.safetensors', import.meta.url) },
  'layers-padding': { manifest: new URL('../../goldens/cases/layers-padding.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-padding.safetensors', import.meta.url) },
  'layers-pooling': { manifest: new URL('../../goldens/cases/layers-pooling.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-pooling.safetensors', import.meta.url) },
  'layers-recurrent': { manifest: new URL('../../goldens/cases/layers-recurrent.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-recurrent.safetensors', import.meta.url) },
  'layers-vision': { manifest: new URL('../../goldens/cases/layers-vision.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-vision.safetensors', import.meta.url) },
  'linear': { manifest: new URL('../../goldens/cases/linear.json', import.meta.url), goldens: new URL('../../goldens/cases/linear.safetensors', import.meta.url) },
  'optimizers': { manifest: new URL('../../goldens/cases/optimizers.json', import.meta.url), goldens: new URL('../../goldens/cases/optimizers.safetensors', import.meta.url) },
  'random-tensors': { manifest: new URL('../../goldens/cases/random-tensors.json', import.meta.url), goldens: new URL('../../goldens/cases/random-tensors.safetensors', import.meta.url) },
  'schedulers': { manifest: new URL('../../goldens/cases/schedulers.json', import.meta.url), goldens: new URL('../../goldens/cases/schedulers.safetensors', import.meta.url) },
  'sorting': { manifest: new URL('../../goldens/cases/sorting.json', import.meta.url), goldens: new URL('../../goldens/cases/sorting.safetensors', import.meta.url) },
  'view': { manifest: new URL('../../goldens/cases/view.json', import.meta.url), goldens: new URL('../../goldens/cases/view.safetensors', import.meta.url) },
} as const;

export type FamilyName = keyof typeof familyFiles;
