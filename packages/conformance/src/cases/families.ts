// Written by tooling/goldens/cases.py.
export const familyFiles = {
  'elementwise': { manifest: new URL('../../goldens/cases/elementwise.json', import.meta.url), goldens: new URL('../../goldens/cases/elementwise.safetensors', import.meta.url) },
  'layers-basic': { manifest: new URL('../../goldens/cases/layers-basic.json', import.meta.url), goldens: new URL('../../goldens/cases/layers-basic.safetensors', import.meta.url) },
} as const;

export type FamilyName = keyof typeof familyFiles;
