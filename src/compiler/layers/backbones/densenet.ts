// DenseNet121, 169, 201 without top: docs/facts/keras-applications.md.
import { activate, averagePool, batchNorm, conv, maxPool, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

const families = {
  densenet121: [6, 12, 24, 16],
  densenet169: [6, 12, 32, 32],
  densenet201: [6, 12, 48, 32],
} as const;
const growth = 32;
const norm = batchNorm(1.001e-5);

export function densenet(name: keyof typeof families): Backbone {
  return {
    name,
    build: (add, input, { shape }) => {
      let x = addStem(add, input);
      for (const [stage, blocks] of families[name].entries()) {
        if (stage > 0) x = addTransition(add, x, `pool${stage + 1}`, Math.floor((shape(x)[2] ?? 0) / 2));
        for (let block = 1; block <= blocks; block += 1) x = addBlock(add, x, `conv${stage + 2}_block${block}`);
      }
      return add(activate('relu'), [add(norm, [x], { name: 'bn' })], { name: 'relu' });
    },
  };
}

function addStem(add: BackboneAdd, input: string): string {
  const convolved = add(conv(64, 7, { stride: 2, bias: false }), [add(zeroPad(3), [input])], { name: 'conv1_conv' });
  const active = normRelu(add, convolved, 'conv1_bn', 'conv1_relu');
  return add(maxPool(3, 2), [add(zeroPad(1), [active])], { name: 'pool1' });
}

/** Each block adds 32 channels to those before it. */
function addBlock(add: BackboneAdd, x: string, prefix: string): string {
  const first = normRelu(add, x, `${prefix}_0_bn`, `${prefix}_0_relu`);
  const narrow = add(conv(4 * growth, 1, { bias: false }), [first], { name: `${prefix}_1_conv` });
  const second = normRelu(add, narrow, `${prefix}_1_bn`, `${prefix}_1_relu`);
  const grown = add(conv(growth, 3, { padding: 'same', bias: false }), [second], { name: `${prefix}_2_conv` });
  return add({ class_name: 'Concatenate' }, [x, grown], { name: `${prefix}_concat` });
}

function addTransition(add: BackboneAdd, x: string, prefix: string, channels: number): string {
  const active = normRelu(add, x, `${prefix}_bn`, `${prefix}_relu`);
  const halved = add(conv(channels, 1, { bias: false }), [active], { name: `${prefix}_conv` });
  return add(averagePool(2), [halved], { name: `${prefix}_pool` });
}

function normRelu(add: BackboneAdd, x: string, bn: string, relu: string): string {
  return add(activate('relu'), [add(norm, [x], { name: bn })], { name: relu });
}
