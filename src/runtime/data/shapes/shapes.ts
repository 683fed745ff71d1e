// The built-in source `shapes`: images drawn on the fly, seeded by (seed, split, index); 224x224 RGB.
import type { SourcePlan } from '../../../compiler/plan/plan.ts';
import { stream } from '../../random.ts';
import { digestOf } from '../digest.ts';
import { DataError, type Source, type Split } from '../source.ts';
import { drawImage, SIZE } from './draw.ts';
import { outlines } from './outlines.ts';

type ShapesPlan = Extract<SourcePlan, { kind: 'shapes' }>;

/** Raised when a drawing changes by a pixel: its number is part of what tells one image from another. */
const DRAWING = 1;

/** Every run of `classes` images holds each class once, in random order: balanced, whatever part is taken. */
const labelsOf = (plan: ShapesPlan, split: 'train' | 'test'): Uint16Array => {
  const draw = stream(plan.seed, 'shapes', split, 'labels');
  const labels = new Uint16Array(plan[split]);
  let bag: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (bag.length === 0) bag = Array.from({ length: plan.classes }, (_, c) => c);
    labels[i] = bag.splice(Math.floor(draw() * bag.length), 1)[0]!;
  }
  return labels;
};

/** Opens the source; the first `classes` of the shapes. Throws DataError where there are not so many. */
export const openShapes = (plan: ShapesPlan): Source => {
  if (plan.classes < 2 || plan.classes > outlines.length)
    throw new DataError(`shapes has 2 to ${outlines.length} classes, not ${plan.classes}`);
  const used = outlines.slice(0, plan.classes);
  const split = (name: 'train' | 'test'): Split => ({ count: plan[name], labels: labelsOf(plan, name) });
  const splits = { train: split('train'), test: split('test') };
  return {
    classes: used.map(({ name }) => name),
    image: { height: SIZE, width: SIZE, channels: 3 },
    ...splits,
    read: (name, index, into) => {
      drawImage(used[splits[name].labels[index]!]!.outline, stream(plan.seed, 'shapes', name, index), into);
    },
    digest: (name, index) => digestOf(`shapes ${DRAWING} ${plan.seed} ${name} ${index} ${splits[name].labels[index]}`),
    close: () => {},
  };
};
