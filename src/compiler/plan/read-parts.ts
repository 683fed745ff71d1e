// Verb: the parts of a file to what they say, each read once, however many runs are made of it.
import type { Backbone, Block, Freeze, Item, Part, Run } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { walk } from '../../parser/walk.ts';
import { outOfRange } from '../findings/words.ts';
import { buildAugment } from './build-augment.ts';
import { buildBackbone } from './build-backbone.ts';
import { buildData } from './build-data.ts';
import { buildFreeze } from './build-freeze.ts';
import { buildLayerPlans, layersIn } from './build-network.ts';
import { readSchedule, readTraining } from './build-stages.ts';
import { isPart } from './pick-part.ts';
import type { LayerPlan } from './plan.ts';
import { hasDamage } from './read-block.ts';
import { EnoughFound, mark, report, type Scope, watched } from './scope.ts';

type Readable = Item & { readonly block: Block | null };

/** What the combinations of a sweep have in common: parts that no swept value changes are read once for all. */
export interface SharedParts {
  /** Of each part what was read, by the values that it depends on. */
  readonly known: Map<Item, Map<string, unknown>>;
  /** Names whose values differ from combination to combination. */
  readonly changing: ReadonlySet<string>;
  /** Layers read so far. */
  layers: number;
}

export const sharedParts = (changing: ReadonlySet<string>): SharedParts => ({ known: new Map(), changing, layers: 0 });

/** Layers of all networks that a file spells out, one for each combination of a sweep that changes them. */
const MOST_LAYERS = 60_000;

/** Readers of one scope. Each gives null for a part that is damaged, or in which something was found wrong. */
export const partReaders = (scope: Scope, shared: SharedParts = sharedParts(new Set())) => {
  const used = new Set<Item>();
  const once = <P extends Readable, T>(read: (part: P) => T | null | undefined): ((part: P) => T | null) => {
    const names = new Map<P, readonly string[]>();
    const valuesIn = (part: P): string => {
      const changing = names.get(part) ?? changingNames(part, shared.changing);
      names.set(part, changing);
      return JSON.stringify(changing.map((name) => scope.values.get(name) ?? null));
    };
    return (part) => {
      used.add(part);
      const known = shared.known.get(part) ?? new Map<string, unknown>();
      shared.known.set(part, known);
      const key = valuesIn(part);
      if (known.has(key)) return known.get(key) as T | null;
      const { value, ok } = watched(scope, () => read(part));
      const sound = ok && !part.broken && !hasDamage(part.block) ? (value ?? null) : null;
      known.set(key, sound);
      return sound;
    };
  };
  /** Layers with a bound on their number in all. */
  const counted = <T>(part: Part | Backbone, read: T | null, layers: readonly LayerPlan[]): T | null => {
    shared.layers += layersIn(layers);
    if (shared.layers <= MOST_LAYERS) return read;
    report(
      scope,
      finding(outOfRange, part.word.span, `The networks of this file have more than ${MOST_LAYERS} layers in all.`, {
        help: 'Sweep fewer values, repeat fewer times, or write several files.',
      }),
    );
    throw new EnoughFound();
  };
  const backboneOf = (part: Backbone) => {
    const read = buildBackbone(scope, part);
    return counted(part, read, read?.kind === 'own' ? read.layers : []);
  };
  const headOf = (part: Part) => {
    const read = buildLayerPlans(scope, part.block, 'head');
    return counted(part, mark(scope, read, part.word.span), read);
  };
  return {
    /** What was read. */
    used,
    data: once((part: Part) => buildData(scope, part)),
    augment: once((part: Part) => buildAugment(scope, part.block)),
    backbone: once(backboneOf),
    head: once(headOf),
    schedule: once((part: Part) => readSchedule(scope, part.block)),
    freeze: once((freeze: Freeze) => (freeze.broken ? null : buildFreeze(scope, freeze))),
    /** The training words of a run. */
    training: once((run: Run) => readTraining(scope, run.block, 'run', isOther)),
  } as const;
};

export type PartReaders = ReturnType<typeof partReaders>;

/** Those of the names that a part mentions. */
const changingNames = (part: Item, changing: ReadonlySet<string>): readonly string[] => {
  if (changing.size === 0) return [];
  const found = new Set<string>();
  for (const node of walk(part)) if (node.kind === 'word' && changing.has(node.text)) found.add(node.text);
  return [...found];
};

/** What of a run is no word of training. */
const isOther = (item: Item): boolean =>
  isPart(item) || (item.kind === 'statement' && (item.word.text === 'seed' || item.word.text === 'weights'));
