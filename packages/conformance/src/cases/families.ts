// Written by tooling/goldens/cases.py.
export const familyFiles = {
  'elementwise': { manifest: new URL('../../goldens/cases/elementwise.json', import.meta.url), goldens: new URL('../../goldens/cases/elementwise.safetensors', import.meta.url) },
  'layers-activation': { manifest: new URL('../../goldens/cases/layers-activation.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-activation.safetensors', import.meta.url) },
  'layers-attention': { manifest: new URL('../../goldens/cases/layers-attention.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-attention.safetensors', import.meta.url) },
  'layers-convolution': { manifest: new URL('../../goldens/cases/layers-convolution.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-convolution.safetensors', import.meta.url) },
  'layers-dropout': { manifest: new URL('../../goldens/cases/layers-dropout.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-dropout.safetensors', import.meta.url) },
  'layers-linear': { manifest: new URL('../../goldens/cases/layers-linear.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-linear.safetensors', import.meta.url) },
  'layers-normalization': { manifest: new URL('../../goldens/cases/layers-normalization.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-normalization.safetensors', import.meta.url) },
  'layers-padding': { manifest: new URL('../../goldens/cases/layers-padding.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-padding.safetensors', import.meta.url) },
  'layers-pooling': { manifest: new URL('../../goldens/cases/layers-pooling.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-pooling.safetensors', import.meta.url) },
  'layers-recurrent': { manifest: new URL('../../goldens/cases/layers-recurrent.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-recurrent.safetensors', import.meta.url) },
} as const;

export type FamilyName = keyof typeof familyFiles;
