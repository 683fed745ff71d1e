// InceptionV3 without top: docs/facts/keras-applications.md.
import { activate, averagePool, batchNorm, conv, maxPool } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

/** Filters, kernel, and for the strided ones stride 2 without padding; `valid`: no padding. */
type Step = readonly [filters: number, kernel: number | readonly [number, number], how?: 'valid' | 'stride 2'];

export const inceptionV3: Backbone = {
  name: 'inception_v3',
  build: (add, input) => {
    const start = chain(add, input, [
      [32, 3, 'stride 2'],
      [32, 3, 'valid'],
      [64, 3],
    ]);
    const narrow = chain(add, add(maxPool(3, 2), [start]), [
      [80, 1, 'valid'],
      [192, 3, 'valid'],
    ]);
    let x = add(maxPool(3, 2), [narrow]);
    for (const [index, pooled] of [32, 64, 64].entries()) x = addSquare(add, x, `mixed${index}`, pooled);
    x = addShrink(add, x, 'mixed3', [
      [[384, 3, 'stride 2']],
      [
        [64, 1],
        [96, 3],
        [96, 3, 'stride 2'],
      ],
    ]);
    for (const [index, width] of [128, 160, 160, 192].entries()) x = addCross(add, x, `mixed${4 + index}`, width);
    x = addShrink(add, x, 'mixed8', [
      [
        [192, 1],
        [320, 3, 'stride 2'],
      ],
      [
        [192, 1],
        [192, [1, 7]],
        [192, [7, 1]],
        [192, 3, 'stride 2'],
      ],
    ]);
    for (const index of [0, 1]) x = addSplit(add, x, index);
    return x;
  },
};

/** 35x35: 1x1, 5x5, twice 3x3, pooling. */
function addSquare(add: BackboneAdd, x: string, name: string, pooled: number): string {
  const branches: readonly (readonly Step[])[] = [
    [[64, 1]],
    [
      [48, 1],
      [64, 5],
    ],
    [
      [64, 1],
      [96, 3],
      [96, 3],
    ],
  ];
  return merge(add, [...branches.map((steps) => chain(add, x, steps)), addPooled(add, x, pooled)], name);
}

/** 17x17: a 7x7 as 1x7 and 7x1. */
function addCross(add: BackboneAdd, x: string, name: string, width: number): string {
  const branches: readonly (readonly Step[])[] = [
    [[192, 1]],
    [
      [width, 1],
      [width, [1, 7]],
      [192, [7, 1]],
    ],
    [
      [width, 1],
      [width, [7, 1]],
      [width, [1, 7]],
      [width, [7, 1]],
      [192, [1, 7]],
    ],
  ];
  return merge(add, [...branches.map((steps) => chain(add, x, steps)), addPooled(add, x, 192)], name);
}

/** Halves height and width. */
function addShrink(add: BackboneAdd, x: string, name: string, branches: readonly (readonly Step[])[]): string {
  return merge(add, [...branches.map((steps) => chain(add, x, steps)), add(maxPool(3, 2), [x])], name);
}

/** 8x8: 1x3 and 3x1 side by side. */
function addSplit(add: BackboneAdd, x: string, index: number): string {
  const split = (from: string, name: string | null) =>
    merge(add, [chain(add, from, [[384, [1, 3]]]), chain(add, from, [[384, [3, 1]]])], name);
  const single = chain(add, x, [[320, 1]]);
  const three = split(chain(add, x, [[384, 1]]), `mixed9_${index}`);
  const deep = chain(add, x, [
    [448, 1],
    [384, 3],
  ]);
  const branches = [single, three, split(deep, null), addPooled(add, x, 192)];
  return merge(add, branches, `mixed${9 + index}`);
}

function addPooled(add: BackboneAdd, x: string, filters: number): string {
  return chain(add, add(averagePool(3, 1, 'same'), [x]), [[filters, 1]]);
}

function merge(add: BackboneAdd, branches: readonly string[], name: string | null): string {
  return add({ class_name: 'Concatenate' }, branches, { name });
}

/** Convolution without bias, batch norm without scale, relu; names are automatic. */
function chain(add: BackboneAdd, input: string, steps: readonly Step[]): string {
  return steps.reduce((x, [filters, kernel, how]) => {
    const stride = how === 'stride 2' ? 2 : 1;
    const convolved = add(conv(filters, kernel, { stride, padding: how ? 'valid' : 'same', bias: false }), [x]);
    return add(activate('relu'), [add(batchNorm(1e-3, 0.99, false), [convolved])]);
  }, input);
}
