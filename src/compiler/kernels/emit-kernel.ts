// Verb: a preprocess program to the source of one fused function, specialised to the program.
// Four forms, the cheapest that fits: a copy loop, a flipped copy, separable taps, and the general affine map.
import { emitAffine } from './emit-affine.ts';
import { emitAntialias } from './emit-antialias.ts';
import { emitCopy, emitFlip } from './emit-copy.ts';
import { emitSeparable } from './emit-separable.ts';
import type { PreprocessProgram } from './preprocess.ts';
import { type Emitted, indent, isFixed, isIdentity, resizesFirst, type Sampler, samplerOf } from './sampler.ts';

/** The form of the loops, by what the composed geometry can be. */
export type Form = 'copy' | 'flip' | 'separable' | 'affine';

/** True where the geometry can only flip: each entry of the diagonal is 1 or -1. */
const onlyFlips = ({ composition }: Sampler): boolean =>
  isFixed(composition)
    ? composition.geometry.every((row, y) => row.every((value, x) => Math.abs(Number(value)) === (x === y ? 1 : 0)))
    : [...composition.moves].every((kind) => kind === 'flip');

const formOf = (sampler: Sampler): Form => {
  const { program, composition, height, width } = sampler;
  const sameSize = height === program.output.height && width === program.output.width;
  if (composition.geometry[0]![1] !== 0 || composition.geometry[1]![0] !== 0) return 'affine';
  if (sameSize && isIdentity(composition)) return 'copy';
  return sameSize && onlyFlips(sampler) ? 'flip' : 'separable';
};

const forms: { readonly [F in Form]: (sampler: Sampler) => Emitted } = {
  copy: emitCopy,
  flip: emitFlip,
  separable: emitSeparable,
  affine: emitAffine,
};

/** Which of the four forms the kernel of a program takes. */
export const kernelForm = (program: PreprocessProgram): Form => formOf(samplerOf(program));

/**
 * JavaScript source (the body of a function) that returns
 * `kernel(pixels: Uint8Array, into: Float32Array, offset: number, draw: () => number)`: it reads one image (row-major,
 * channels last, 0..255) and writes output.height * output.width * output.channels values from `into[offset]` on.
 * `draw` gives uniform numbers in [0, 1); the order of draws is that of the steps in the program.
 */
export const emitKernel = (program: PreprocessProgram): string => {
  const sampler = samplerOf(program);
  const first = resizesFirst(program);
  const { once, each } = forms[formOf(sampler)](sampler);
  const text = [
    ...(first
      ? emitAntialias({ from: program.source, to: program.output, channels: program.source.channels })
          .trim()
          .split('\n')
      : []),
    ...once,
    'return function kernel(pixels, into, offset, draw) {',
    ...indent(
      [...sampler.composition.statements, ...(first ? ['resize(pixels);'] : []), 'let at = offset;', ...each],
      '  ',
    ),
    '};',
  ];
  return `${text.join('\n')}\n`;
};
