export * as rnn from './utils/rnn.ts';
