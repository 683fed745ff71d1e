// ResNet50, 101, 152 (first version) without top: docs/facts/keras-applications.md.
import { activate, batchNorm, conv, maxPool, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

const families = { resnet50: [3, 4, 6, 3], resnet101: [3, 4, 23, 3], resnet152: [3, 8, 36, 3] } as const;
const filters = [64, 128, 256, 512] as const;

/** Stride 2 sits in the first 1x1 convolution of a stage; all convolutions have a bias. */
export function resnet(name: keyof typeof families): Backbone {
  return {
    name,
    build: (add, input) =>
      families[name].reduce((x, blocks, stage) => addStage(add, x, stage, blocks), addStem(add, input)),
  };
}

const norm = batchNorm(1.001e-5);

function addStem(add: BackboneAdd, input: string): string {
  const padded = add(zeroPad(3), [input], { name: 'conv1_pad' });
  const convolved = add(conv(64, 7, { stride: 2 }), [padded], { name: 'conv1_conv' });
  const normed = add(norm, [convolved], { name: 'conv1_bn' });
  const active = add(activate('relu'), [normed], { name: 'conv1_relu' });
  return add(maxPool(3, 2), [add(zeroPad(1), [active], { name: 'pool1_pad' })], { name: 'pool1_pool' });
}

function addStage(add: BackboneAdd, input: string, stage: number, blocks: number): string {
  const width = filters[stage] ?? 0;
  let x = input;
  for (let block = 1; block <= blocks; block += 1) {
    const stride = block === 1 && stage > 0 ? 2 : 1;
    x = addBlock(add, x, `conv${stage + 2}_block${block}`, width, stride, block === 1);
  }
  return x;
}

function addBlock(
  add: BackboneAdd,
  x: string,
  prefix: string,
  width: number,
  stride: number,
  projects: boolean,
): string {
  const convBn = (input: string, step: number, filters: number, kernel: number, stride = 1) => {
    const padding = kernel === 1 ? 'valid' : 'same';
    const convolved = add(conv(filters, kernel, { stride, padding }), [input], { name: `${prefix}_${step}_conv` });
    return add(norm, [convolved], { name: `${prefix}_${step}_bn` });
  };
  const relu = (input: string, name: string) => add(activate('relu'), [input], { name: `${prefix}_${name}` });
  const shortcut = projects ? convBn(x, 0, 4 * width, 1, stride) : x;
  const first = relu(convBn(x, 1, width, 1, stride), '1_relu');
  const second = relu(convBn(first, 2, width, 3), '2_relu');
  const third = convBn(second, 3, 4 * width, 1);
  return relu(add({ class_name: 'Add' }, [shortcut, third], { name: `${prefix}_add` }), 'out');
}
