// Verb: the plan's source to an opened source.
import type { SourcePlan } from '../../compiler/plan/plan.ts';
import { openDigits } from './digits.ts';
import { openCifar } from './known/cifar.ts';
import { openFashionMnist, openMnist } from './known/mnist.ts';
import { openShapes } from './shapes/shapes.ts';
import { DataError, type OpenSource, type Source } from './source.ts';

type Kind = SourcePlan['kind'];
type Opener<K extends Kind> = (plan: Extract<SourcePlan, { kind: K }>) => Source | Promise<Source>;

const notYet = ({ kind }: SourcePlan): never => {
  throw new DataError(
    `not run yet: source ${kind}. Sources that run now: digits, shapes, mnist, fashion_mnist, cifar10, cifar100.`,
  );
};

const openers: { readonly [K in Kind]: Opener<K> } = {
  digits: openDigits,
  shapes: openShapes,
  mnist: openMnist,
  fashion_mnist: openFashionMnist,
  cifar10: openCifar,
  cifar100: openCifar,
  folder: notYet,
  csv: notYet,
};

const open = <K extends Kind>(plan: Extract<SourcePlan, { kind: K }>): Source | Promise<Source> => {
  const opener: Opener<K> = openers[plan.kind as K];
  return opener(plan);
};

/** Opens a source in any thread. Throws DataError: one line with the cure. */
export const openSource: OpenSource = async (plan) => open(plan);
