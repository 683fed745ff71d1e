// Verb: whether a freeze policy leaves no layer of the backbone to train.
import type { FreezePlan } from '../../plan/plan.ts';

export const freezesBackbone = ({ kind, except }: FreezePlan): boolean =>
  kind === 'all' || (kind === 'backbone' && except === null);
