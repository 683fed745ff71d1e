// Verb: an augment block to the random changes of the plan, in the order of the file.
import type { Block, Statement } from '../../parser/ast.ts';
import { augmentations, augmentSettings } from '../vocabulary/augment.ts';
import { hasWord } from '../vocabulary/word.ts';
import type { AugmentPlan, RunPlan } from './plan.ts';
import { doubled, refuse } from './read-block.ts';
import { readEntry, readSetting } from './read-word.ts';
import type { Scope } from './scope.ts';

/** What an augment block says. */
export interface Augmentation {
  readonly steps: readonly AugmentPlan[];
  readonly views: RunPlan['views'];
}

export const noAugmentation: Augmentation = { steps: [], views: augmentSettings.views.initial };

export const buildAugment = (scope: Scope, block: Block | null): Augmentation => {
  const steps: AugmentPlan[] = [];
  let views: Statement | null = null;
  for (const item of block?.items ?? []) {
    const word = item.word.text;
    if (item.kind === 'statement' && hasWord(augmentSettings, word)) {
      if (views === null) views = item;
      else doubled(scope, item, views);
    } else if (item.kind !== 'statement' || !hasWord(augmentations, word)) refuse(scope, item, 'augment');
    else if (!item.broken) {
      const step = readEntry(scope, augmentations, word, item);
      if (step !== undefined) steps.push(step);
    }
  }
  const read = views === null || views.broken ? undefined : readSetting(scope, augmentSettings.views, views);
  return { steps, views: read?.value ?? augmentSettings.views.initial };
};
