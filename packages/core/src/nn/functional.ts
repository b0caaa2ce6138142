export * from './functional/linear.ts';
export * from './functional/pad.ts';
export * from './functional/activation.ts';
export * from './functional/classification-loss.ts';
export * from './functional/regression-loss.ts';
export * from './functional/binary-loss.ts';
