// Plans of tests, as compiler and trainer take them. Throws where something of them cannot be run yet.
import type { Plan, RunPlan } from '../../src/compiler/plan/plan.ts';
import {
  notRunYetLine,
  type TrainablePlan,
  type TrainableRun,
  trainablePlan,
  trainableRun,
} from '../../src/compiler/plan/trainable.ts';

export const readyRun = (run: RunPlan): TrainableRun => {
  const found = trainableRun(run);
  if ('missing' in found) throw new Error(notRunYetLine([found.missing]));
  return found.run;
};

export const readyPlan = (plan: Plan): TrainablePlan => {
  const found = trainablePlan(plan);
  if (found.missing.length > 0) throw new Error(notRunYetLine(found.missing));
  return found.plan;
};
