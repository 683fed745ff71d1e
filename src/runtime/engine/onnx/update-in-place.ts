// Optimizer updates in place: one pass over weight, gradient and slots instead of a dozen operators over each.
// The same formulas as src/compiler/training/optimizers.ts (docs/facts/keras.md, "Optimizers"); tests hold both to Keras' values.
import type { OptimizerPlan } from '../../../compiler/plan/plan.ts';
import type { AdamNumbers, Arena } from './arena.ts';

/** Slots of one weight by name, each as long as the weight. */
export type Slots = Readonly<Record<string, Float32Array>>;

type PlanOf<K extends OptimizerPlan['kind']> = Extract<OptimizerPlan, { readonly kind: K }>;

type Update<P> = (plan: P, w: Float32Array, g: Float32Array, slots: Slots, lr: number, t: number) => void;

const slot = (slots: Slots, name: string): Float32Array => {
  const data = slots[name];
  if (!data) throw new Error(`no optimizer slot '${name}'`);
  return data;
};

/** alpha = lr sqrt(1 - b2^t) / (1 - b1^t) */
const adamRate = ({ beta_1, beta_2 }: PlanOf<'adam' | 'adamw'>, lr: number, t: number): number =>
  (lr * Math.sqrt(1 - beta_2 ** t)) / (1 - beta_1 ** t);

// m, v moving averages; w -= alpha m / (sqrt(v) + epsilon)
const adam: Update<PlanOf<'adam' | 'adamw'>> = (plan, w, g, slots, lr, t) => {
  const { beta_1, beta_2, epsilon } = plan;
  const [rest1, rest2] = [1 - beta_1, 1 - beta_2];
  const alpha = adamRate(plan, lr, t);
  const [m, v] = [slot(slots, 'm'), slot(slots, 'v')];
  const largest = plan.amsgrad ? slot(slots, 'v_max') : null;
  for (let i = 0; i < w.length; i += 1) {
    const gradient = g[i]!;
    const mean = m[i]! * beta_1 + gradient * rest1;
    let spread = v[i]! * beta_2 + gradient * gradient * rest2;
    m[i] = mean;
    v[i] = spread;
    if (largest !== null) {
      spread = Math.max(largest[i]!, spread);
      largest[i] = spread;
    }
    w[i]! -= (alpha * mean) / (Math.sqrt(spread) + epsilon);
  }
};

const { fround: f } = Math;

/** What adam.wat does, to the bit: each operation rounds to single precision. Where memory has no room for an arena, nothing else changes. */
const adamInSingle = (
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  numbers: AdamNumbers,
): void => {
  const [kept, beta1, rest1, beta2, rest2, alpha, epsilon] = numbers.map(f) as unknown as AdamNumbers;
  for (let i = 0; i < w.length; i += 1) {
    const gradient = g[i]!;
    const mean = f(f(m[i]! * beta1) + f(gradient * rest1));
    const spread = f(f(v[i]! * beta2) + f(f(gradient * gradient) * rest2));
    m[i] = mean;
    v[i] = spread;
    w[i] = f(w[i]! * kept) - f(f(mean * alpha) / f(f(Math.sqrt(spread)) + epsilon));
  }
};

// m = momentum m - lr g; w += m, or with nesterov w += momentum m - lr g
const sgd: Update<PlanOf<'sgd'>> = ({ momentum, nesterov }, w, g, slots, lr) => {
  if (momentum === 0) {
    for (let i = 0; i < w.length; i += 1) w[i]! -= lr * g[i]!;
    return;
  }
  const velocity = slot(slots, 'momentum');
  for (let i = 0; i < w.length; i += 1) {
    const step = lr * g[i]!;
    const next = momentum * velocity[i]! - step;
    velocity[i] = next;
    w[i]! += nesterov ? momentum * next - step : next;
  }
};

// v = rho v + (1 - rho) g^2; step = lr g / sqrt(v + epsilon), centered: sqrt(v - mean^2 + epsilon)
const rmsprop: Update<PlanOf<'rmsprop'>> = (plan, w, g, slots, lr) => {
  const { rho, momentum, epsilon } = plan;
  const v = slot(slots, 'v');
  const mean = plan.centered ? slot(slots, 'mean') : null;
  const velocity = momentum > 0 ? slot(slots, 'momentum') : null;
  for (let i = 0; i < w.length; i += 1) {
    const gradient = g[i]!;
    let spread = v[i]! * rho + gradient * gradient * (1 - rho);
    v[i] = spread;
    if (mean !== null) {
      const centre = mean[i]! * rho + gradient * (1 - rho);
      mean[i] = centre;
      spread -= centre * centre;
    }
    let step = (lr * gradient) / Math.sqrt(spread + epsilon);
    if (velocity !== null) {
      step += momentum * velocity[i]!;
      velocity[i] = step;
    }
    w[i]! -= step;
  }
};

// a += g^2; w -= lr g / sqrt(a + epsilon)
const adagrad: Update<PlanOf<'adagrad'>> = ({ epsilon }, w, g, slots, lr) => {
  const sum = slot(slots, 'accumulator');
  for (let i = 0; i < w.length; i += 1) {
    const gradient = g[i]!;
    const next = sum[i]! + gradient * gradient;
    sum[i] = next;
    w[i]! -= (lr * gradient) / Math.sqrt(next + epsilon);
  }
};

const updates: { readonly [K in OptimizerPlan['kind']]: Update<PlanOf<K>> } = {
  sgd,
  adam,
  adamw: adam,
  rmsprop,
  adagrad,
};

/**
 * One optimizer step on a weight and its slots, in place. Weight decay comes first: w -= w decay lr.
 * @param lr learning rate of this weight's group
 * @param t 1 for the first step
 * @param arena where all the arrays are, if they are in one: Adam then runs as a kernel, which is only faster
 */
export const updateInPlace = (
  plan: OptimizerPlan,
  w: Float32Array,
  g: Float32Array,
  slots: Slots,
  lr: number,
  t: number,
  arena: Arena | null = null,
): void => {
  const kept = 1 - plan.weight_decay * lr;
  if (hasKernel(plan)) {
    const { beta_1, beta_2, epsilon } = plan;
    const numbers = [kept, beta_1, 1 - beta_1, beta_2, 1 - beta_2, adamRate(plan, lr, t), epsilon] as const;
    const step = arena?.adam ?? adamInSingle;
    step(w, g, slot(slots, 'm'), slot(slots, 'v'), numbers);
    return;
  }
  if (kept !== 1) for (let i = 0; i < w.length; i += 1) w[i]! *= kept;
  (updates[plan.kind] as Update<OptimizerPlan>)(plan, w, g, slots, lr, t);
};

/** Whether the arrays of this optimizer are worth an arena. */
export const hasKernel = (plan: OptimizerPlan): plan is PlanOf<'adam' | 'adamw'> =>
  (plan.kind === 'adam' || plan.kind === 'adamw') && !plan.amsgrad;
