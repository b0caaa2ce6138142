export * from './functional/linear.ts';
