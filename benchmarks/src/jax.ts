import { defaultDevice, init, jit, nn, numpy as np, random, valueAndGrad } from '@jax-js/jax';
import type { Contender } from './workload.ts';

type Layers = { w1: np.Array; b1: np.Array; w2: np.Array; b2: np.Array };

const names = ['w1', 'b1', 'w2', 'b2'] as const;

/** jax-js with the whole step under `jit`. Arrays are counted: every use but the last of each is `.ref`. */
export async function jax(): Promise<Contender> {
  const found = await init('wasm');
  if (!found.includes('wasm')) throw new Error('the WebAssembly backend does not start');
  defaultDevice('wasm');
  return {
    mlp: async () => {
      const normal = (seed: number, shape: number[], scale: number): np.Array =>
        random.normal(random.key(seed), shape).mul(scale);
      let layers: Layers = {
        w1: normal(0, [20, 256], 0.2),
        b1: np.zeros([256]),
        w2: normal(1, [256, 10], 0.06),
        b2: np.zeros([10]),
      };
      let momenta: Layers = {
        w1: np.zeros([20, 256]),
        b1: np.zeros([256]),
        w2: np.zeros([256, 10]),
        b2: np.zeros([10]),
      };
      const [x, y] = [random.uniform(random.key(2), [64, 20]), random.uniform(random.key(3), [64, 10])];
      const lossOf = ({ w1, b1, w2, b2 }: Layers, inputs: np.Array, targets: np.Array): np.Array => {
        const hidden = nn.relu(np.matmul(inputs, w1).add(b1));
        return np.mean(np.square(np.matmul(hidden, w2).add(b2).sub(targets)));
      };
      const update = jit((before: Layers, former: Layers, inputs: np.Array, targets: np.Array) => {
        const kept = { w1: before.w1.ref, b1: before.b1.ref, w2: before.w2.ref, b2: before.b2.ref };
        const [loss, gradients] = valueAndGrad(lossOf)(before, inputs, targets);
        const after = {} as Layers;
        const velocity = {} as Layers;
        for (const name of names) {
          velocity[name] = former[name].mul(0.9).add(gradients[name]);
          after[name] = kept[name].sub(velocity[name].ref.mul(0.1));
        }
        return [loss, after, velocity] as [np.Array, Layers, Layers];
      });
      return async () => {
        const [loss, after, velocity] = update(layers, momenta, x.ref, y.ref);
        [layers, momenta] = [after, velocity];
        return ((await loss.data()) as Float32Array)[0]!;
      };
    },
  };
}
