// ResNet50V2, 101V2, 152V2 without top: docs/facts/keras-applications.md.
import { activate, batchNorm, conv, maxPool, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

const families = { resnet50v2: [3, 4, 6, 3], resnet101v2: [3, 4, 23, 3], resnet152v2: [3, 8, 36, 3] } as const;
const filters = [64, 128, 256, 512] as const;
const norm = batchNorm(1.001e-5);

/** Batch norm and relu stand before the convolutions; stride 2 sits in the last block of a stage. */
export function resnetV2(name: keyof typeof families): Backbone {
  return {
    name,
    build: (add, input) => {
      let x = addStem(add, input);
      for (const [stage, blocks] of families[name].entries()) {
        for (let block = 1; block <= blocks; block += 1) {
          const stride = block === blocks && stage < 3 ? 2 : 1;
          x = addBlock(add, x, `conv${stage + 2}_block${block}`, filters[stage] ?? 0, stride, block === 1);
        }
      }
      return add(activate('relu'), [add(norm, [x], { name: 'post_bn' })], { name: 'post_relu' });
    },
  };
}

function addStem(add: BackboneAdd, input: string): string {
  const padded = add(zeroPad(3), [input], { name: 'conv1_pad' });
  const convolved = add(conv(64, 7, { stride: 2 }), [padded], { name: 'conv1_conv' });
  return add(maxPool(3, 2), [add(zeroPad(1), [convolved], { name: 'pool1_pad' })], { name: 'pool1_pool' });
}

function addBlock(
  add: BackboneAdd,
  x: string,
  prefix: string,
  width: number,
  stride: number,
  projects: boolean,
): string {
  const normRelu = (input: string, step: string) => {
    const normed = add(norm, [input], { name: `${prefix}_${step}_bn` });
    return add(activate('relu'), [normed], { name: `${prefix}_${step}_relu` });
  };
  const active = normRelu(x, 'preact');
  const shortcut = addShortcut(add, x, active, prefix, width, stride, projects);
  const reduced = add(conv(width, 1, { bias: false }), [active], { name: `${prefix}_1_conv` });
  const padded = add(zeroPad(1), [normRelu(reduced, '1')], { name: `${prefix}_2_pad` });
  const middle = add(conv(width, 3, { stride, bias: false }), [padded], { name: `${prefix}_2_conv` });
  const widened = add(conv(4 * width, 1), [normRelu(middle, '2')], { name: `${prefix}_3_conv` });
  return add({ class_name: 'Add' }, [shortcut, widened], { name: `${prefix}_out` });
}

function addShortcut(
  add: BackboneAdd,
  x: string,
  active: string,
  prefix: string,
  width: number,
  stride: number,
  projects: boolean,
): string {
  if (projects) return add(conv(4 * width, 1, { stride }), [active], { name: `${prefix}_0_conv` });
  return stride > 1 ? add(maxPool(1, stride), [x]) : x;
}
