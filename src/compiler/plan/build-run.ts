// Verb: one run of a file to its plan: its own parts and settings, and the file's for what it does not name.
import type { Backbone, Block, Item, Part, PartKind, Run, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { correction } from '../findings/correction.ts';
import { missingPart } from '../findings/structure.ts';
import { ambiguousPart, unexpectedBlock, unknownName } from '../findings/words.ts';
import { suggestion, wordList } from '../leaf/nearest.ts';
import { seed } from '../vocabulary/schedule.ts';
import { buildAugment } from './build-augment.ts';
import { buildBackbone } from './build-backbone.ts';
import { buildData, type DataDraft, resolveData } from './build-data.ts';
import { buildFreeze } from './build-freeze.ts';
import { buildLayerPlans } from './build-network.ts';
import {
  noSettings,
  readSchedule,
  readTraining,
  resolveStages,
  type ScheduleDraft,
  type TrainingSettings,
} from './build-stages.ts';
import { isWeights, weightsOfRun } from './build-weights.ts';
import type { Program } from './collect.ts';
import type { AugmentPlan, BackbonePlan, DataPlan, FreezePlan, LayerPlan, RunPlan, StagePlan } from './plan.ts';
import { doubled, hasDamage } from './read-block.ts';
import { readSetting } from './read-word.ts';
import { mark, report, type Scope, watched } from './scope.ts';

/** A run as far as it could be planned; null: that part is missing or damaged, and was reported. */
export interface RunDraft {
  readonly name: string;
  readonly sweep: string | null;
  readonly continues: string | null;
  readonly seed: number;
  readonly span: Span;
  readonly data: DataPlan | null;
  readonly augment: readonly AugmentPlan[] | null;
  readonly backbone: BackbonePlan | null;
  readonly head: readonly LayerPlan[] | null;
  readonly stages: readonly StagePlan[] | null;
}

/** Parts of the file that were built already, so that a part used by several runs is read once. */
export interface Built {
  readonly parts: Map<object, unknown>;
}

/** Which run is built. */
export interface RunRequest {
  /** Null where the file is one run. */
  readonly node: Run | null;
  readonly name: string;
  /** Of the combination of a sweep, behind the names of all its runs. */
  readonly suffix: string;
  /** The runs before this one. */
  readonly earlier: readonly RunDraft[];
  /** Where the run stands if it has no node. */
  readonly place: Span;
}

export const buildRun = (
  scope: Scope,
  built: Built,
  program: Program,
  { node, name, suffix, earlier, place }: RunRequest,
): RunDraft => {
  const items = node?.block?.items ?? [];
  const chosen = choices(scope, items);
  const where = node?.word.span ?? place;
  const once = <T>(key: object, work: () => T): T | null => {
    if (!built.parts.has(key)) {
      const { value, ok } = watched(scope, work);
      built.parts.set(key, ok && !damaged(key) ? value : null);
    }
    return built.parts.get(key) as T | null;
  };
  const part = <T>(kind: PartKind, build: (part: Part) => T): Found<T> => {
    const found = pickPart(scope, program, chosen.get(kind) as Part | undefined, kind, where);
    return typeof found === 'string' ? found : { value: once(found, () => build(found)), span: found.span };
  };

  const dataDraft = part('data', (p): DataDraft => buildData(scope, p));
  const augment = part('augment', (p) => ({ plans: buildAugment(scope, p.block) }));
  const head = part('head', (p) => ({ plans: buildLayerPlans(scope, p.block, 'head') }));
  const schedule = part('schedule', (p): ScheduleDraft => readSchedule(scope, p.block));
  const backboneNode = pickBackbone(scope, program, chosen.get('backbone') as Backbone | undefined, where);
  const ofPart = typeof backboneNode === 'string' ? null : once(backboneNode, () => buildBackbone(scope, backboneNode));
  const backbone = weightsOfRun(scope, ofPart, weightsStatement(scope, items), suffix);

  for (const [kind, found] of [
    ['data', dataDraft],
    ['backbone', backboneNode],
    ['head', head],
  ] as const) {
    if (found === 'missing' && !program.excused.has(kind)) lacks(scope, kind, where, node === null);
  }

  const own =
    node === null
      ? noSettings
      : once({ settings: node, broken: node.broken, block: node.block }, () =>
          readTraining(scope, node.block, 'run', isChoice),
        );
  const fileFreeze = freezeOf(scope, program, once);
  const data = heldBy(dataDraft);
  const resolvedHead = heldBy(head)?.plans ?? null;
  const resolvedData = data === null ? null : resolveData(scope, data, backbone, earlier);
  return {
    name: `${name}${suffix}`,
    sweep: suffix === '' ? null : suffix.trim(),
    continues: node?.continues ? `${node.continues.text}${suffix}` : null,
    seed: seedOf(scope, items, program),
    span: node?.span ?? place,
    data: resolvedData,
    augment: augment === 'missing' || augment === 'none' ? [] : (heldBy(augment)?.plans ?? null),
    backbone,
    head: resolvedHead,
    stages: stagesOf(scope, schedule, own, fileFreeze, where),
  };
};

/** `missing`: the file has none; `none`: the run wants none; `damaged`: reported already. */
type Found<T> = { readonly value: T | null; readonly span: Span } | 'missing' | 'none' | 'damaged';

const heldBy = <T>(found: Found<T>): T | null => (typeof found === 'string' ? null : found.value);

const damaged = (key: object): boolean => {
  const item = key as { readonly broken?: boolean; readonly block?: Block | null };
  return item.broken === true || (item.block !== undefined && hasDamage(item.block));
};

const choiceKinds = ['data', 'augment', 'backbone', 'head', 'schedule'] as const;
type ChoiceKind = (typeof choiceKinds)[number];
const isChoiceKind = (kind: string): kind is ChoiceKind => choiceKinds.some((k) => k === kind);
const isChoice = (item: Item): boolean =>
  isChoiceKind(item.kind) || (item.kind === 'statement' && (item.word.text === 'seed' || item.word.text === 'weights'));

/** The parts that a run names or holds itself. */
const choices = (scope: Scope, items: readonly Item[]): ReadonlyMap<ChoiceKind, Item> => {
  const chosen = new Map<ChoiceKind, Item>();
  for (const item of items) {
    if (!isChoiceKind(item.kind)) continue;
    const first = chosen.get(item.kind);
    if (first === undefined) chosen.set(item.kind, item);
    else doubled(scope, item, first);
  }
  return chosen;
};

const pickPart = (
  scope: Scope,
  program: Program,
  chosen: Part | undefined,
  kind: PartKind,
  where: Span,
): Part | 'missing' | 'none' | 'damaged' => {
  const parts = program[kind];
  if (chosen !== undefined) {
    if (chosen.broken) return 'damaged';
    if (chosen.block !== null) return chosen;
    const name = chosen.name?.text;
    if (name === undefined) {
      report(
        scope,
        finding(unexpectedBlock, chosen.word.span, `Which ${kind}?`, {
          help: `Write \`${kind} NAME\` or \`${kind} { … }\`.`,
        }),
      );
      return 'damaged';
    }
    const found = parts.get(name);
    if (found !== undefined) return found;
    if (kind === 'augment' && name === 'none') return 'none';
    unknownPart(scope, kind, chosen.name!.span, name, [...parts.keys()]);
    return 'damaged';
  }
  return onlyPart(scope, parts, kind, where);
};

const pickBackbone = (
  scope: Scope,
  program: Program,
  chosen: Backbone | undefined,
  where: Span,
): Backbone | 'missing' | 'none' | 'damaged' => {
  if (chosen === undefined) return onlyPart(scope, program.backbone, 'backbone', where);
  if (chosen.broken) return 'damaged';
  if (chosen.block !== null || chosen.name === null) return chosen;
  const found = program.backbone.get(chosen.name.text);
  if (found !== undefined) return found;
  if (program.backbone.size === 0 || !Object.hasOwn(namesOf(program), chosen.name.text)) return chosen;
  return chosen;
};

const namesOf = (program: Program): Readonly<Record<string, Backbone>> => Object.fromEntries(program.backbone);

const onlyPart = <T extends Part | Backbone>(
  scope: Scope,
  parts: ReadonlyMap<string, T>,
  kind: string,
  where: Span,
): T | 'missing' | 'damaged' => {
  if (parts.size === 0) return 'missing';
  const nameless = parts.get('');
  if (parts.size === 1 || nameless !== undefined) return nameless ?? [...parts.values()][0]!;
  report(
    scope,
    finding(ambiguousPart, where, `It is not said which ${kind} to take: ${wordList([...parts.keys()])}.`, {
      help: `Name one in the run: \`${kind} ${[...parts.keys()][0]}\`.`,
    }),
  );
  return 'damaged';
};

const unknownPart = (scope: Scope, kind: string, span: Span, name: string, names: readonly string[]): void => {
  report(
    scope,
    finding(unknownName, span, `There is no ${kind} named \`${name}\`.`, {
      help:
        names.filter((n) => n !== '').length === 0
          ? `Define it: \`${kind} ${name} { … }\`.`
          : suggestion(
              name,
              names.filter((n) => n !== ''),
              'names',
            ),
      ...correction(
        span,
        name,
        names.filter((n) => n !== ''),
      ),
    }),
  );
};

const lacks = (scope: Scope, kind: 'data' | 'backbone' | 'head', where: Span, file: boolean): void => {
  const cure = {
    data: 'data { source digits }',
    backbone: 'backbone resnet50 { weights imagenet }',
    head: 'head { global_average_pooling }',
  }[kind];
  report(
    scope,
    finding(missingPart, where, `${file ? 'This file' : 'This run'} has no ${kind}.`, {
      help: `Add \`${cure}\`, for example.`,
    }),
  );
};

/** What the run says of its weights, once. */
const weightsStatement = (scope: Scope, items: readonly Item[]): Statement | undefined => {
  const [first, second] = items.filter(isWeights);
  if (first !== undefined && second !== undefined) doubled(scope, second, first);
  return first?.broken ? undefined : first;
};

const seedOf = (scope: Scope, items: readonly Item[], program: Program): number => {
  const own = items.filter((item) => item.kind === 'statement' && item.word.text === 'seed') as readonly Statement[];
  if (own.length > 1) doubled(scope, own[1]!, own[0]!);
  const statement = own[0] ?? program.seed;
  if (statement === null || statement === undefined || statement.broken) return seed.initial;
  return readSetting(scope, seed, statement)?.value ?? seed.initial;
};

const freezeOf = (
  scope: Scope,
  program: Program,
  once: <T>(key: object, work: () => T) => T | null,
): FreezePlan | null => {
  const freeze = program.freeze;
  return freeze === null || freeze.broken ? null : (once(freeze, () => buildFreeze(scope, freeze)) ?? null);
};

const stagesOf = (
  scope: Scope,
  schedule: Found<ScheduleDraft>,
  own: TrainingSettings | null,
  fileFreeze: FreezePlan | null,
  where: Span,
): readonly StagePlan[] | null => {
  if (own === null || schedule === 'damaged') return null;
  const draft = schedule === 'missing' || schedule === 'none' ? { own: noSettings, stages: [] } : schedule.value;
  return draft === null
    ? null
    : resolveStages(scope, draft, own, fileFreeze, typeof schedule === 'string' ? where : schedule.span);
};

/** The softmax layer that follows from the classes; 0 units until the data has said how many. */
const predictions = (classes: number | null): LayerPlan => ({
  kind: 'dense',
  units: classes ?? 0,
  kernel_initializer: { kind: 'glorot_uniform' },
  kernel_regularizer: null,
  use_bias: true,
  bias_initializer: { kind: 'zeros' },
  activation: 'softmax',
  name: 'predictions',
});

/** The plan of a run; null where a part is missing. */
export const runPlan = (scope: Scope, draft: RunDraft): RunPlan | null => {
  const { name, sweep, continues, seed, data, augment, backbone, head, stages } = draft;
  if (data === null || augment === null || backbone === null || head === null || stages === null) return null;
  const plan: RunPlan = {
    name,
    sweep,
    continues,
    seed,
    data,
    augment,
    backbone,
    head: [...head, predictions(data.classes)],
    stages,
  };
  return mark(scope, plan, draft.span);
};
