// Activation functions as graph nodes: one entry a function. Formulas: docs/facts/keras.md, "Layers, initializers, activations" (Keras 3 forms).
import type { Builder, Formulas } from '../graph/builder.ts';
import type { Activation } from '../layers/layers.ts';

type Lowering = (b: Builder, f: Formulas, x: string) => string;

const SELU_ALPHA = 1.6732632423543772;
const SELU_GAMMA = 1.0507009873554805;

/** Channels are axis 1 of every activation inside the graph. */
export const activations: Readonly<Record<Activation, Lowering>> = {
  linear: (_, __, x) => x,
  relu: (b, _, x) => b.add({ op: 'Relu' }, [x]),
  relu6: (b, _, x) => b.add({ op: 'Clip', min: 0, max: 6 }, [x]),
  elu: (b, _, x) => b.add({ op: 'Elu', alpha: 1 }, [x]),
  selu: (b, _, x) => b.add({ op: 'Selu', alpha: SELU_ALPHA, gamma: SELU_GAMMA }, [x]),
  sigmoid: (_, f, x) => f.sigmoid(x),
  hard_sigmoid: (b, _, x) => b.add({ op: 'HardSigmoid', alpha: 1 / 6, beta: 0.5 }, [x]),
  tanh: (_, f, x) => f.tanh(x),
  softmax: (b, _, x) => b.add({ op: 'Softmax', axis: 1 }, [x]),
  softplus: (_, f, x) => f.softplus(x),
  softsign: (b, _, x) => b.add({ op: 'Softsign' }, [x]),
  swish: (_, f, x) => f.mul(x, f.sigmoid(x)),
  hard_swish: (b, _, x) => b.add({ op: 'HardSwish' }, [x]),
  // 0.5 x (1 + erf(x / sqrt 2))
  gelu: (_, f, x) => f.mul(f.mul(x, 0.5), f.add(f.erf(f.mul(x, Math.SQRT1_2)), 1)),
  mish: (b, _, x) => b.add({ op: 'Mish' }, [x]),
  leaky_relu: (b, _, x) => b.add({ op: 'LeakyRelu', alpha: 0.2 }, [x]),
  exponential: (_, f, x) => f.exp(x),
};
