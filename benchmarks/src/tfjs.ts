import type * as TensorFlow from '@tensorflow/tfjs';
import type { Contender, Step } from './workload.ts';
import { transformerSizes } from './workload.ts';

/** TensorFlow.js with its own layers, optimizers and `minimize`, on whatever backend it has been given. */
export function tensorflow(tf: typeof TensorFlow): Contender {
  const training =
    (optimizer: TensorFlow.Optimizer, lossOf: () => TensorFlow.Scalar): Step =>
    async () => {
      const loss = optimizer.minimize(lossOf, true)!;
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    };
  return {
    mlp: async () => {
      const net = tf.sequential({
        layers: [tf.layers.dense({ inputShape: [20], units: 256, activation: 'relu' }), tf.layers.dense({ units: 10 })],
      });
      const [x, y] = [tf.randomUniform([64, 20]), tf.randomUniform([64, 10])];
      return training(tf.train.momentum(0.1, 0.9), () =>
        tf.losses.meanSquaredError(y, net.apply(x, { training: true }) as TensorFlow.Tensor),
      );
    },
    lenet: async () => {
      const activation = 'sigmoid';
      const net = tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 6, kernelSize: 5, padding: 'same', activation }),
          tf.layers.averagePooling2d({ poolSize: 2, strides: 2 }),
          tf.layers.conv2d({ filters: 16, kernelSize: 5, activation }),
          tf.layers.averagePooling2d({ poolSize: 2, strides: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 120, activation }),
          tf.layers.dense({ units: 84, activation }),
          tf.layers.dense({ units: 10 }),
        ],
      });
      const x = tf.randomNormal([64, 28, 28, 1]);
      const y = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
      return training(tf.train.sgd(0.1), () =>
        tf.losses.softmaxCrossEntropy(y, net.apply(x, { training: true }) as TensorFlow.Tensor),
      );
    },
    transformer: async () => {
      const { vocabulary, batch, length, width } = transformerSizes;
      const layers = [encoderLayer(tf), encoderLayer(tf)];
      const embedding = tf.variable(tf.randomNormal([vocabulary, width]));
      const out = linear(tf, width, vocabulary);
      const x = tf.randomUniform<TensorFlow.Rank.R1>([batch * length], 0, vocabulary, 'int32');
      const y = tf.oneHot(tf.randomUniform([batch * length], 0, vocabulary, 'int32'), vocabulary);
      return training(tf.train.adam(1e-3), () => {
        let h = tf.gather(embedding, x) as TensorFlow.Tensor2D;
        for (const layer of layers) h = layer(h);
        return tf.losses.softmaxCrossEntropy(y, out(h));
      });
    },
  };
}

type Function2D = (x: TensorFlow.Tensor2D) => TensorFlow.Tensor2D;

function linear(tf: typeof TensorFlow, inputs: number, outputs: number): Function2D {
  const weight = tf.variable(tf.randomUniform([inputs, outputs], -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs)));
  const bias = tf.variable(tf.zeros([outputs]));
  return (x) => tf.add(tf.matMul(x, weight as unknown as TensorFlow.Tensor2D), bias);
}

function layerNorm(tf: typeof TensorFlow, width: number): Function2D {
  const [weight, bias] = [tf.variable(tf.ones([width])), tf.variable(tf.zeros([width]))];
  return (x) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), weight), bias);
  };
}

/** Layers has no attention: an encoder layer over rows [batch * length, width], written with its operations. */
function encoderLayer(tf: typeof TensorFlow): Function2D {
  const { width, heads, feedforward, batch, length } = transformerSizes;
  const depth = width / heads;
  const projections = [linear(tf, width, width), linear(tf, width, width), linear(tf, width, width)];
  const attended = linear(tf, width, width);
  const [linear1, linear2] = [linear(tf, width, feedforward), linear(tf, feedforward, width)];
  const [norm1, norm2] = [layerNorm(tf, width), layerNorm(tf, width)];
  return (x) => {
    const normalized = norm1(x);
    const [q, k, v] = projections.map((project) =>
      tf.transpose(tf.reshape(project(normalized), [batch, length, heads, depth]), [0, 2, 1, 3]),
    );
    const weights = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(depth)));
    const mixed = tf.reshape(tf.transpose(tf.matMul(weights, v!), [0, 2, 1, 3]), [batch * length, width]);
    const h = tf.add<TensorFlow.Tensor2D>(x, attended(mixed as TensorFlow.Tensor2D));
    return tf.add(h, linear2(tf.relu(linear1(norm2(h)))));
  };
}
