// Verb: an augment block to the random changes of the plan, in the order of the file.
import type { Block } from '../../parser/ast.ts';
import { augmentations } from '../vocabulary/augment.ts';
import type { AugmentPlan } from './plan.ts';
import { refuse } from './read-block.ts';
import { readStatement } from './read-word.ts';
import { mark, type Scope } from './scope.ts';

export const buildAugment = (scope: Scope, block: Block | null): readonly AugmentPlan[] => {
  const out: AugmentPlan[] = [];
  for (const item of block?.items ?? []) {
    if (item.kind !== 'statement' || !Object.hasOwn(augmentations, item.word.text)) {
      refuse(scope, item, 'augment');
      continue;
    }
    if (item.broken) continue;
    const read = readStatement(scope, augmentations[item.word.text as keyof typeof augmentations], item);
    if (read === undefined) continue;
    // The table's type (WordsFor<AugmentPlan>) makes its fields those of the plan.
    const plan = { kind: item.word.text, ...read.fields } as unknown as AugmentPlan;
    out.push(mark(scope, plan, item.span, read.spans));
  }
  return out;
};
