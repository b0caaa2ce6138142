export { tfjsNode } from './device.ts';
export type { TfjsNodeOptions } from './device.ts';
export type { Hardware } from './engine.ts';
export type { Tier } from './executable.ts';
