// Verb: the plan's source to an opened source.
import type { SourcePlan } from '../../compiler/plan/plan.ts';
import { openDigits } from './digits.ts';
import { openCsv, openFolder } from './files/file-source.ts';
import { keepClasses } from './keep-classes.ts';
import { openCifar } from './known/cifar.ts';
import { openFashionMnist, openMnist } from './known/mnist.ts';
import { openShapes } from './shapes/shapes.ts';
import type { OpenSource, Source, Wanted } from './source.ts';

type Kind = SourcePlan['kind'];
type Opener<K extends Kind> = (plan: Extract<SourcePlan, { kind: K }>, wanted: Wanted) => Source | Promise<Source>;

const openers: { readonly [K in Kind]: Opener<K> } = {
  digits: openDigits,
  shapes: openShapes,
  mnist: openMnist,
  fashion_mnist: openFashionMnist,
  cifar10: openCifar,
  cifar100: openCifar,
  folder: openFolder,
  csv: openCsv,
};

const open = <K extends Kind>(plan: Extract<SourcePlan, { kind: K }>, wanted: Wanted): Source | Promise<Source> => {
  const opener: Opener<K> = openers[plan.kind as K];
  return opener(plan, wanted);
};

/** What a network sees that says nothing else. */
const usual: Wanted = { image: { height: 224, width: 224, channels: 3 }, interpolation: 'bilinear', antialias: false };

/** Opens a source in any thread. Throws DataError: one line with the cure. */
export const openSource: OpenSource = async (plan, wanted = usual, choice = null) => {
  const source = await open(plan, wanted);
  return choice === null ? source : keepClasses(source, choice);
};
