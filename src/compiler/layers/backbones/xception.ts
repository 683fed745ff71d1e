// Xception without top: docs/facts/keras-applications.md.
import { activate, batchNorm, conv, maxPool, separableConv } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

export const xception: Backbone = {
  name: 'xception',
  build: (add, input) => {
    let x = addConv(add, input, 'block1_conv1', 32, 2);
    x = addConv(add, x, 'block1_conv2', 64, 1);
    for (const [index, width] of [128, 256, 728].entries()) {
      x = addDown(add, x, `block${index + 2}`, width, width, index > 0);
    }
    for (let block = 5; block <= 12; block += 1) x = addMiddle(add, x, `block${block}`);
    x = addDown(add, x, 'block13', 728, 1024, true);
    for (const [index, width] of [1536, 2048].entries()) {
      const name = `block14_sepconv${index + 1}`;
      x = relu(add, separable(add, x, name, width), `${name}_act`);
    }
    return x;
  },
};

function addConv(add: BackboneAdd, x: string, name: string, filters: number, stride: number): string {
  const convolved = add(conv(filters, 3, { stride, bias: false }), [x], { name });
  return relu(add, add(batchNorm(), [convolved], { name: `${name}_bn` }), `${name}_act`);
}

/** Two separable convolutions and a pooling beside a strided 1x1 convolution. */
function addDown(
  add: BackboneAdd,
  x: string,
  prefix: string,
  first: number,
  second: number,
  activates: boolean,
): string {
  const shortcut = add(conv(second, 1, { stride: 2, padding: 'same', bias: false }), [x]);
  const residual = add(batchNorm(), [shortcut]);
  const start = activates ? relu(add, x, `${prefix}_sepconv1_act`) : x;
  const one = separable(add, start, `${prefix}_sepconv1`, first);
  const two = separable(add, relu(add, one, `${prefix}_sepconv2_act`), `${prefix}_sepconv2`, second);
  const pooled = add(maxPool(3, 2, 'same'), [two], { name: `${prefix}_pool` });
  return add({ class_name: 'Add' }, [pooled, residual]);
}

function addMiddle(add: BackboneAdd, input: string, prefix: string): string {
  const end = [1, 2, 3].reduce((x, step) => {
    const name = `${prefix}_sepconv${step}`;
    return separable(add, relu(add, x, `${name}_act`), name, 728);
  }, input);
  return add({ class_name: 'Add' }, [end, input]);
}

function separable(add: BackboneAdd, x: string, name: string, filters: number): string {
  const convolved = add(separableConv(filters, 3, { padding: 'same', bias: false }), [x], { name });
  return add(batchNorm(), [convolved], { name: `${name}_bn` });
}

function relu(add: BackboneAdd, x: string, name: string): string {
  return add(activate('relu'), [x], { name });
}
