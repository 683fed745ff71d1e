// Verb: the parts of a file to what they say, each read once, however many runs are made of it.
import type { Backbone, Block, Freeze, Item, Part, Run } from '../../parser/ast.ts';
import { buildAugment } from './build-augment.ts';
import { buildBackbone } from './build-backbone.ts';
import { buildData } from './build-data.ts';
import { buildFreeze } from './build-freeze.ts';
import { buildLayerPlans } from './build-network.ts';
import { readSchedule, readTraining } from './build-stages.ts';
import { isPart } from './pick-part.ts';
import { hasDamage } from './read-block.ts';
import { type Scope, watched } from './scope.ts';

type Readable = Item & { readonly block: Block | null };

/** Readers of one scope. Each gives null for a part that is damaged, or in which something was found wrong. */
export const partReaders = (scope: Scope) => {
  const used = new Set<Item>();
  const once = <P extends Readable, T>(read: (part: P) => T | null | undefined): ((part: P) => T | null) => {
    const known = new Map<P, T | null>();
    return (part) => {
      const before = known.get(part);
      if (before !== undefined) return before;
      const { value, ok } = watched(scope, () => read(part));
      const sound = ok && !part.broken && !hasDamage(part.block) ? (value ?? null) : null;
      known.set(part, sound);
      used.add(part);
      return sound;
    };
  };
  return {
    /** What was read. */
    used,
    data: once((part: Part) => buildData(scope, part)),
    augment: once((part: Part) => buildAugment(scope, part.block)),
    backbone: once((part: Backbone) => buildBackbone(scope, part)),
    head: once((part: Part) => buildLayerPlans(scope, part.block, 'head')),
    schedule: once((part: Part) => readSchedule(scope, part.block)),
    freeze: once((freeze: Freeze) => (freeze.broken ? null : buildFreeze(scope, freeze))),
    /** The training words of a run. */
    training: once((run: Run) => readTraining(scope, run.block, 'run', isOther)),
  } as const;
};

export type PartReaders = ReturnType<typeof partReaders>;

/** What of a run is no word of training. */
const isOther = (item: Item): boolean =>
  isPart(item) || (item.kind === 'statement' && (item.word.text === 'seed' || item.word.text === 'weights'));
