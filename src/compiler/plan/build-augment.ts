// Verb: an augment block to the random changes of the plan, in the order of the file.
import type { Block } from '../../parser/ast.ts';
import { augmentations } from '../vocabulary/augment.ts';
import { hasWord } from '../vocabulary/word.ts';
import type { AugmentPlan } from './plan.ts';
import { refuse } from './read-block.ts';
import { readEntry } from './read-word.ts';
import type { Scope } from './scope.ts';

export const buildAugment = (scope: Scope, block: Block | null): readonly AugmentPlan[] => {
  const out: AugmentPlan[] = [];
  for (const item of block?.items ?? []) {
    if (item.kind !== 'statement' || !hasWord(augmentations, item.word.text)) refuse(scope, item, 'augment');
    else if (!item.broken) {
      const step = readEntry(scope, augmentations, item.word.text, item);
      if (step !== undefined) out.push(step);
    }
  }
  return out;
};
