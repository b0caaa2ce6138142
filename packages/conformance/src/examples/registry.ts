import { blocks } from './blocks.ts';
import { custom } from './custom.ts';
import type { Example } from './example.ts';

/** Every example of the chapter, in its order. */
export const examples: readonly Example[] = [...blocks, ...custom];
