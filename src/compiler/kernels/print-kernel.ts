// Print: a preprocess program as text: what is composed, in words, then the source of its kernel.
import type { FillMode, ImageShape } from '../plan/plan.ts';
import type { TrainableAugment } from '../plan/trainable.ts';
import { emitKernel, type Form, kernelForm } from './emit-kernel.ts';
import type { PreprocessProgram } from './preprocess.ts';
import { resizesFirst } from './sampler.ts';

type AugmentKind = TrainableAugment['kind'];
type Words = { readonly [K in AugmentKind]: (step: Extract<TrainableAugment, { kind: K }>) => string };

/** At most six figures. */
const figure = (value: number): string => `${+value.toPrecision(6)}`;

const span = ([low, high]: readonly [number, number], unit = ''): string =>
  low === high ? `${figure(low)}${unit}` : `${figure(low)}..${figure(high)}${unit}`;

const percent = ([low, high]: readonly [number, number]): string => span([low * 100, high * 100], '%');

const filled = ({ fill, fill_value }: { readonly fill: FillMode; readonly fill_value: number }): string =>
  fill === 'constant' ? `fill constant ${figure(fill_value)}` : `fill ${fill}`;

const mixed = ({ alpha, probability }: { readonly alpha: number; readonly probability: number }): string =>
  `alpha ${figure(alpha)}, probability ${figure(probability)}, with another image of the batch`;

const words: Words = {
  flip: ({ axis, probability }) => `flip ${axis}, probability ${figure(probability)}`,
  rotate: (step) => `rotate ${span(step.degrees, 'deg')}, ${filled(step)}`,
  shift: (step) => `shift x ${percent(step.x)}, y ${percent(step.y)}, ${filled(step)}`,
  zoom: (step) =>
    `zoom ${step.keep_aspect ? `x = y ${span(step.x)}` : `x ${span(step.x)}, y ${span(step.y)}`}, ${filled(step)}`,
  shear: (step) => `shear ${span(step.degrees, 'deg')}, ${filled(step)}`,
  crop: ({ share }) => `crop ${percent(share)} of the area`,
  brightness: ({ factor }) => `brightness times ${span(factor)}`,
  contrast: ({ factor }) => `contrast times ${span(factor)}`,
  saturation: ({ factor }) => `saturation times ${span(factor)}`,
  hue: ({ degrees }) => `hue ${span(degrees, 'deg')}`,
  channel_shift: ({ amount }) => `channel shift ${span(amount)}`,
  mixup: (step) => `mixup ${mixed(step)}`,
  cutmix: (step) => `cutmix ${mixed(step)}`,
};

const stepWords = <K extends AugmentKind>(step: Extract<TrainableAugment, { kind: K }>): string => {
  const say: Words[K] = words[step.kind as K];
  return say(step);
};

const size = ({ height, width, channels }: ImageShape): string => `${height}x${width}x${channels}`;

const formWords: { readonly [F in Form]: string } = {
  copy: 'a straight copy, no interpolation',
  flip: 'a copy in either direction, no interpolation',
  separable: 'one pass over tables of taps for rows and columns',
  affine: 'one pass, rows cut into inside (no border checks) and border',
};

const normalization = ({ order, scale, offset }: PreprocessProgram): string =>
  `normalize: ${order
    .map((from, c) => {
      const sign = offset[c]! < 0 ? '-' : '+';
      return `in[${from}] * ${figure(scale[c]!)} ${sign} ${figure(Math.abs(offset[c]!))}`;
    })
    .join(', ')}`;

/** The steps of a program in the order in which they are composed; last what the loader does with the batch. */
export const describeProgram = (program: PreprocessProgram): readonly string[] => {
  const { source, output, interpolation, layout } = program;
  const resizes = source.height !== output.height || source.width !== output.width;
  return [
    `${size(source)} bytes to ${size(output)} floats, ${layout}`,
    ...(resizes ? [`resize, ${interpolation}${resizesFirst(program) ? ', antialiased, before the pass' : ''}`] : []),
    ...(source.channels === output.channels ? [] : [output.channels === 3 ? 'grey to RGB' : 'RGB to grey']),
    ...program.augment.map(stepWords),
    normalization(program),
    `as ${formWords[kernelForm(program)]}`,
    ...program.batch.map((step) => `then, not in the kernel: ${stepWords(step)}`),
  ];
};

/** The source of the program's kernel under a head comment that says the composed steps. */
export const printKernel = (program: PreprocessProgram): string =>
  `${describeProgram(program)
    .map((line) => `// ${line}`)
    .join('\n')}\n${emitKernel(program)}`;
