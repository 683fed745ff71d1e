// Pass: gradients of what trains, and the optimizer's update. After it the train graph is a whole step.
import { createBuilder, formulas } from '../graph/builder.ts';
import { differentiate } from '../graph/differentiate.ts';
import { clipGradients, optimizerSlots, optimizerUpdate } from './optimizers.ts';
import { slotState } from './state.ts';
import type { StateTensor } from './state-tensor.ts';
import type { TrainingGraphs, TrainingRequest } from './training-graphs.ts';

const GRADIENT = ':gradient';

/** Adds outputs `<weight>:gradient` to the train graph; drops the graph when nothing trains. */
export const addGradients = (graphs: TrainingGraphs, { trained }: TrainingRequest): TrainingGraphs => {
  if (graphs.train === null || trained.trainable.size === 0) return { ...graphs, train: null };
  const b = createBuilder(graphs.train);
  const learned = graphs.state.filter(({ name }) => trained.trainable.has(name) && b.values.has(name));
  const gradients = differentiate(
    b,
    'loss',
    learned.map(({ name }) => name),
  );
  const outputs = [...gradients].map(([name, gradient]) => b.named(gradient, `${name}${GRADIENT}`));
  return { ...graphs, train: b.finish([...graphs.train.outputs, ...outputs], 'train') };
};

/** Turns outputs `<weight>:gradient` into `<weight>:next` and `<slot>:next`. Adds the slots to the state. */
export const addUpdate = (graphs: TrainingGraphs, { model, stage }: TrainingRequest): TrainingGraphs => {
  const { train } = graphs;
  if (train === null) return graphs;
  const b = createBuilder(train);
  const f = formulas(b);
  const reached = graphs.state.filter(({ name }) => train.outputs.includes(`${name}${GRADIENT}`));
  const lr = b.input('learning_rate', 'float32', []);
  const iteration = b.input('iteration', 'float32', []);
  const gradients = b.scope('clip', () =>
    clipGradients(
      b,
      f,
      stage.clip,
      reached.map(({ name }) => `${name}${GRADIENT}`),
    ),
  );
  const backbone = new Set(
    model.layers.filter(({ part }) => part === 'backbone').flatMap((layer) => layer.weights.map(({ name }) => name)),
  );
  const { backbone_factor } = stage.learning_rate;
  const next: string[] = [];
  const slots: StateTensor[] = [];
  for (const [index, tensor] of reached.entries()) {
    b.scope(`update/${tensor.name}`, () => {
      const own = optimizerSlots(stage.optimizer).map(({ name, initial }) => ({
        name,
        state: slotState(tensor, name, initial),
      }));
      const values = Object.fromEntries(
        own.map(({ name, state }) => [name, b.input(state.name, 'float32', state.shape)]),
      );
      const rate = backbone_factor !== 1 && backbone.has(tensor.name) ? f.mul(lr, backbone_factor) : lr;
      const gradient = gradients[index] as string;
      const update = optimizerUpdate(stage.optimizer, f, tensor.name, gradient, values, { lr: rate, iteration });
      next.push(b.named(update.weight, `${tensor.name}:next`));
      for (const { name, state } of own) next.push(b.named(update.slots[name] as string, `${state.name}:next`));
      slots.push(...own.map(({ state }) => state));
    });
  }
  const others = train.outputs.filter((output) => !output.endsWith(GRADIENT));
  return { ...graphs, state: [...graphs.state, ...slots], train: b.finish([...others, ...next], 'train') };
};
