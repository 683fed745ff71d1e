// Arithmetic of sizes with the one symbol tlp has: the batch.
import type { Dim, Shape } from './graph.ts';

/** The batch axis itself. */
export const BATCH: Dim = { times: 1 };

export const sameDim = (a: Dim, b: Dim): boolean =>
  typeof a === 'number' || typeof b === 'number' ? a === b : a.times === b.times;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis] as Dim));

/** Product of sizes. Throws where the batch would be squared: no graph of tlp needs that. */
export const product = (shape: Shape): Dim =>
  shape.reduce<Dim>((total, dim) => {
    if (typeof total === 'number') return typeof dim === 'number' ? total * dim : { times: total * dim.times };
    if (typeof dim === 'number') return { times: total.times * dim };
    throw new Error('a size cannot depend on the square of the batch');
  }, 1);

/** The size as a number. Throws where it depends on the batch. */
export const fixed = (dim: Dim | undefined): number => {
  if (typeof dim !== 'number') throw new Error('this size must not depend on the batch');
  return dim;
};

/** Number of elements when the batch is `batch` images. */
export const elements = (shape: Shape, batch: number): number =>
  shape.reduce<number>((total, dim) => total * (typeof dim === 'number' ? dim : dim.times * batch), 1);

/** `N`, `49N`, `512`. */
export const printDim = (dim: Dim): string =>
  typeof dim === 'number' ? String(dim) : dim.times === 1 ? 'N' : `${dim.times}N`;

/** `Nx64x56x56`; `scalar` for rank 0. */
export const printShape = (shape: Shape): string => (shape.length === 0 ? 'scalar' : shape.map(printDim).join('x'));

/** numpy broadcasting of two shapes. Throws where they do not fit. */
export const broadcast = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (sameDim(x, y) || y === 1) return x;
    if (x === 1) return y;
    throw new Error(`shapes ${printShape(a)} and ${printShape(b)} do not broadcast`);
  });
};
