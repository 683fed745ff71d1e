// Verb: a batch → what the graphs of a stage take of it, by input name.
import type { CompiledStage } from '../../../compiler/compiled-run.ts';
import type { Batch, Inputs } from '../engine.ts';
import type { Graphs } from './graphs.ts';
import { dataOf, type Tensors, tensorOf } from './tensors.ts';

export interface BatchTensors {
  /** Images or features, labels and masks. The prefix runs where the batch does not bring its features. */
  of(batch: Batch): Promise<Tensors>;
  /** What the prefix gives for the images of a batch. */
  embed(batch: Batch): Promise<Inputs>;
}

/** `image`: height, width, channels. */
export const batchTensors = (
  { program, masks, classes }: CompiledStage,
  image: readonly [number, number, number],
  graphs: Graphs,
): BatchTensors => {
  const prefix = program?.prefix ?? null;
  const [height, width, channels] = image;
  /** Shapes of what a batch may bring, after the batch axis. */
  const shapes = new Map<string, readonly number[]>([
    ['images', [channels, height, width]],
    ...(prefix?.features ?? []).map(({ name, shape }) => [name, shape] as const),
  ]);
  const inputTensors = ({ count, inputs }: Batch): Tensors =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, data]) => {
        const shape = shapes.get(name);
        if (!shape) throw new Error(`the stage takes no input '${name}'`);
        return [name, tensorOf(data, [count, ...shape])];
      }),
    );
  return {
    async of(batch) {
      const given = inputTensors(batch);
      const complete = prefix === null || prefix.features.every(({ name }) => name in given);
      const below = complete ? {} : await graphs.run('prefix', given);
      const drops = masks.flatMap(({ name, shape }) => {
        const mask = batch.masks[name];
        return mask ? [[name, tensorOf(mask, [batch.count, ...shape])] as const] : [];
      });
      const labels = tensorOf(batch.labels, [batch.count, classes]);
      return { ...given, ...below, labels, ...Object.fromEntries(drops) };
    },
    async embed(batch) {
      const features = await graphs.run('prefix', inputTensors(batch));
      return Object.fromEntries(Object.entries(features).map(([name, tensor]) => [name, dataOf(tensor).slice()]));
    },
  };
};
