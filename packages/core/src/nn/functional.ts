export * from './functional/linear.ts';
export * from './functional/pad.ts';
