// Loads the @tensorflow/tfjs-node in the given folder and multiplies two matrices with it.

const util = require('node:util');

// Node 23 removed these two; tfjs-node 4.22.0 still calls them.
util.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

const tf = require(process.argv[2] ?? '@tensorflow/tfjs-node');
const product = tf.matMul(
  tf.tensor2d([
    [1, 2],
    [3, 4],
  ]),
  tf.tensor2d([
    [5, 6],
    [7, 8],
  ]),
);
const values = [...product.dataSync()].join();
if (values !== '19,22,43,50') throw new Error(`1 2; 3 4 times 5 6; 7 8 gave ${values}`);
if (tf.getBackend() !== 'tensorflow') throw new Error(`the backend is ${tf.getBackend()}, not tensorflow`);
console.log(`TensorFlow ${tf.backend().binding.TF_Version}`);
