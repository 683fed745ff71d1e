// Passes: gradients of what trains, and the optimizer's update. After them the train graph is a whole step.
import { createBuilder, formulas } from '../graph/builder.ts';
import { differentiate } from '../graph/differentiate.ts';
import { clipGradients, optimizerSlots, optimizerUpdate } from './optimizers.ts';
import { slotState } from './state.ts';
import { gradientOf, nextOf, type StateTensor, type WeightUpdate, writtenState } from './state-tensor.ts';
import type { TrainingGraphs, TrainingRequest } from './training-graphs.ts';

/** Adds the clipped gradient of each weight that trains to the outputs of the train graph; drops the graph when nothing trains. */
export const addGradients = (graphs: TrainingGraphs, { trained, stage }: TrainingRequest): TrainingGraphs => {
  if (graphs.train === null || trained.trainable.size === 0) return { ...graphs, train: null };
  const b = createBuilder(graphs.train);
  const learned = graphs.state.filter(({ name }) => trained.trainable.has(name) && b.values.has(name));
  const gradients = differentiate(
    b,
    'loss',
    learned.map(({ name }) => name),
  );
  const clipped = b.scope('clip', () => clipGradients(b, formulas(b), stage.clip, [...gradients.values()]));
  const outputs = [...gradients.keys()].map((name, index) => b.named(clipped[index] as string, gradientOf(name)));
  return { ...graphs, train: b.finish([...graphs.train.outputs, ...outputs], 'train') };
};

/** Which weights the optimizer changes, and the slots that it keeps for each. */
const updatesOf = (
  graphs: TrainingGraphs,
  outputs: readonly string[],
  { model, stage }: TrainingRequest,
): { readonly updates: readonly WeightUpdate[]; readonly slots: readonly StateTensor[] } => {
  const { backbone_factor } = stage.learning_rate;
  const backbone = new Set(
    model.layers.filter(({ part }) => part === 'backbone').flatMap((layer) => layer.weights.map(({ name }) => name)),
  );
  const reached = graphs.state.filter(({ name }) => outputs.includes(gradientOf(name)));
  const kept = optimizerSlots(stage.optimizer);
  return {
    updates: reached.map(({ name }) => ({
      name,
      slots: Object.fromEntries(kept.map((slot) => [slot.name, `${name}/${slot.name}`])),
      rate: backbone.has(name) ? backbone_factor : 1,
    })),
    slots: reached.flatMap((tensor) => kept.map((slot) => slotState(tensor, slot.name, slot.initial))),
  };
};

/** Keeps the graph that gives the gradients as it is, and makes a whole step of it: next values of weights and slots. */
export const addUpdate = (graphs: TrainingGraphs, request: TrainingRequest): TrainingGraphs => {
  const { train: gradients } = graphs;
  if (gradients === null) return graphs;
  const { updates, slots } = updatesOf(graphs, gradients.outputs, request);
  const state = [...graphs.state, ...slots];
  const shapes = new Map(state.map(({ name, shape }) => [name, shape]));
  const b = createBuilder(gradients);
  const f = formulas(b);
  const lr = b.input('learning_rate', 'float32', []);
  const iteration = b.input('iteration', 'float32', []);
  const next = updates.flatMap((each) =>
    b.scope(`update/${each.name}`, () => {
      for (const slot of Object.values(each.slots)) b.input(slot, 'float32', shapes.get(slot) ?? []);
      const rate = each.rate === 1 ? lr : f.mul(lr, each.rate);
      const gradient = gradientOf(each.name);
      const step = { lr: rate, iteration };
      const update = optimizerUpdate(request.stage.optimizer, f, each.name, gradient, each.slots, step);
      return [
        b.named(update.weight, nextOf(each.name)),
        ...Object.entries(each.slots).map(([slot, name]) => b.named(update.slots[slot] as string, nextOf(name))),
      ];
    }),
  );
  const others = gradients.outputs.filter((output) => writtenState(output)?.holds !== 'gradient');
  return {
    ...graphs,
    state,
    updates,
    gradients: { ...gradients, name: 'gradients' },
    train: b.finish([...others, ...next], 'train'),
  };
};
