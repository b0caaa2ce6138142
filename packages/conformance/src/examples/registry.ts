import { blocksExercises } from './blocks-exercises.ts';
import { blocks } from './blocks.ts';
import { modulelist, sequential } from './containers.ts';
import { custom } from './custom.ts';
import { devices } from './devices.ts';
import type { Example } from './example.ts';
import { files } from './files.ts';
import { moduleState } from './module-state.ts';
import { module } from './module.ts';
import { parameters } from './parameters.ts';
import { training } from './training.ts';

/** Every example of the chapter, in its order. */
export const examples: readonly Example[] = [
  ...blocks,
  ...blocksExercises,
  ...module,
  ...moduleState,
  ...sequential,
  ...modulelist,
  ...custom,
  ...parameters,
  ...files,
  ...devices,
  ...training,
];
