/** What is trained. Every contender trains the same networks on noise of the same shapes. */
export const workloads = {
  mlp: 'Linear(20, 256), ReLU, Linear(256, 10); batch 64; mean squared error; SGD with momentum',
  lenet: 'LeNet of 28 x 28 images: 2 convolutions, 2 average poolings, 3 linear layers; batch 64; cross entropy; SGD',
  transformer:
    'Two encoder layers, width 64, 4 heads, feedforward 128; batch 16 x 32 tokens of 64 kinds; cross entropy; Adam',
} as const;

export type WorkloadName = keyof typeof workloads;

/** Sizes of the transformer. */
export const transformerSizes = {
  vocabulary: 64,
  width: 64,
  heads: 4,
  feedforward: 128,
  batch: 16,
  length: 32,
} as const;

/** One training step: forward, backward, update, and the loss on the host. */
export type Step = () => Promise<number>;

/** Makes the step of each workload that it takes part in. */
export type Contender = { readonly [Name in WorkloadName]?: () => Promise<Step> };
