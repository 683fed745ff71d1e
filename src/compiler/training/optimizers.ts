// Optimizer updates as graph nodes, with Keras' formulas (docs/facts/keras.md, "Optimizers"). One entry a kind.
import type { Builder, Formulas } from '../graph/builder.ts';
import type { OptimizerPlan } from '../plan/plan.ts';

/** Slots of one weight: names and start values. */
export interface SlotSpec {
  readonly name: string;
  readonly initial: number;
}

/** Values that all weights of a step share. */
export interface StepValues {
  /** Scalar value: the learning rate of this weight's group. */
  readonly lr: string;
  /** Scalar value: 1 for the first step. */
  readonly iteration: string;
}

interface Updated {
  readonly weight: string;
  /** New slots by name. */
  readonly slots: Readonly<Record<string, string>>;
}

type Slots = Readonly<Record<string, string>>;
type PlanOf<K extends OptimizerPlan['kind']> = Extract<OptimizerPlan, { readonly kind: K }>;

interface Rule<P> {
  slots(plan: P): readonly SlotSpec[];
  update(plan: P, f: Formulas, weight: string, gradient: string, slots: Slots, step: StepValues): Updated;
}

const slot = (slots: Slots, name: string): string => {
  const value = slots[name];
  if (value === undefined) throw new Error(`no optimizer slot '${name}'`);
  return value;
};

/** keep * a + (1 - keep) * b */
const blend = (f: Formulas, keep: number, a: string, b: string): string => f.add(f.mul(a, keep), f.mul(b, 1 - keep));

// alpha = lr sqrt(1 - b2^t) / (1 - b1^t); m, v moving averages; w -= alpha m / (sqrt(v) + epsilon)
const adam: Rule<PlanOf<'adam' | 'adamw'>> = {
  slots: (plan) => [
    { name: 'm', initial: 0 },
    { name: 'v', initial: 0 },
    ...(plan.amsgrad ? [{ name: 'v_max', initial: 0 }] : []),
  ],
  update(plan, f, weight, gradient, slots, { lr, iteration }) {
    const correction = (beta: number): string => f.sub(1, f.pow(beta, iteration));
    const alpha = f.div(f.mul(lr, f.sqrt(correction(plan.beta_2))), correction(plan.beta_1));
    const m = blend(f, plan.beta_1, slot(slots, 'm'), gradient);
    const v = blend(f, plan.beta_2, slot(slots, 'v'), f.mul(gradient, gradient));
    const largest = plan.amsgrad ? f.max(slot(slots, 'v_max'), v) : v;
    const next = f.sub(weight, f.div(f.mul(m, alpha), f.add(f.sqrt(largest), plan.epsilon)));
    return { weight: next, slots: plan.amsgrad ? { m, v, v_max: largest } : { m, v } };
  },
};

export const optimizerRules: { readonly [K in OptimizerPlan['kind']]: Rule<PlanOf<K>> } = {
  // m = momentum m - lr g; w += m, or with nesterov w += momentum m - lr g
  sgd: {
    slots: (plan) => (plan.momentum > 0 ? [{ name: 'momentum', initial: 0 }] : []),
    update(plan, f, weight, gradient, slots, { lr }) {
      const step = f.mul(gradient, lr);
      if (plan.momentum === 0) return { weight: f.sub(weight, step), slots: {} };
      const momentum = f.sub(f.mul(slot(slots, 'momentum'), plan.momentum), step);
      const move = plan.nesterov ? f.sub(f.mul(momentum, plan.momentum), step) : momentum;
      return { weight: f.add(weight, move), slots: { momentum } };
    },
  },
  adam,
  adamw: adam,
  // v = rho v + (1 - rho) g^2; step = lr g / sqrt(v + epsilon), centered: sqrt(v - mean^2 + epsilon)
  rmsprop: {
    slots: (plan) => [
      { name: 'v', initial: 0 },
      ...(plan.centered ? [{ name: 'mean', initial: 0 }] : []),
      ...(plan.momentum > 0 ? [{ name: 'momentum', initial: 0 }] : []),
    ],
    update(plan, f, weight, gradient, slots, { lr }) {
      const v = blend(f, plan.rho, slot(slots, 'v'), f.mul(gradient, gradient));
      const mean = plan.centered ? blend(f, plan.rho, slot(slots, 'mean'), gradient) : undefined;
      const spread = mean === undefined ? v : f.sub(v, f.mul(mean, mean));
      const step = f.div(f.mul(gradient, lr), f.sqrt(f.add(spread, plan.epsilon)));
      const momentum = plan.momentum > 0 ? f.add(f.mul(slot(slots, 'momentum'), plan.momentum), step) : undefined;
      return {
        weight: f.sub(weight, momentum ?? step),
        slots: { v, ...(mean === undefined ? {} : { mean }), ...(momentum === undefined ? {} : { momentum }) },
      };
    },
  },
  // a += g^2; w -= lr g / sqrt(a + epsilon)
  adagrad: {
    slots: (plan) => [{ name: 'accumulator', initial: plan.initial_accumulator }],
    update(plan, f, weight, gradient, slots, { lr }) {
      const accumulator = f.add(slot(slots, 'accumulator'), f.mul(gradient, gradient));
      const step = f.div(f.mul(gradient, lr), f.sqrt(f.add(accumulator, plan.epsilon)));
      return { weight: f.sub(weight, step), slots: { accumulator } };
    },
  },
};

const ruleOf = (plan: OptimizerPlan): Rule<OptimizerPlan> => optimizerRules[plan.kind] as Rule<OptimizerPlan>;

/** Slots that an optimizer keeps for each weight. */
export const optimizerSlots = (plan: OptimizerPlan): readonly SlotSpec[] => ruleOf(plan).slots(plan);

/** New weight and slots. Weight decay comes before the step, as in Keras: w -= w decay lr. */
export const optimizerUpdate = (
  plan: OptimizerPlan,
  f: Formulas,
  weight: string,
  gradient: string,
  slots: Slots,
  step: StepValues,
): Updated => {
  const decayed = plan.weight_decay === 0 ? weight : f.sub(weight, f.mul(weight, f.mul(step.lr, plan.weight_decay)));
  return ruleOf(plan).update(plan, f, decayed, gradient, slots, step);
};

/** Clips gradients as asked; at most one form, as in Keras. */
export const clipGradients = (
  b: Builder,
  f: Formulas,
  clip: { readonly kind: 'none' | 'value' | 'norm' | 'global_norm'; readonly limit?: number },
  gradients: readonly string[],
): readonly string[] => {
  const limit = clip.limit ?? 0;
  const squares = (gradient: string): string => f.sum(f.mul(gradient, gradient), [...b.shape(gradient).keys()], false);
  /** g limit / max(norm, limit) */
  const scaled = (gradient: string, norm: string): string => f.mul(gradient, f.div(limit, f.max(norm, limit)));
  switch (clip.kind) {
    case 'none':
      return gradients;
    case 'value':
      return gradients.map((gradient) => b.add({ op: 'Clip', min: -limit, max: limit }, [gradient]));
    case 'norm':
      return gradients.map((gradient) => scaled(gradient, f.sqrt(squares(gradient))));
    case 'global_norm': {
      const norm = f.sqrt(gradients.map(squares).reduce((a, c) => f.add(a, c)));
      return gradients.map((gradient) => scaled(gradient, norm));
    }
  }
};
