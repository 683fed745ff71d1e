// Verb: one run of a file to its plan: its own parts and settings, and the file's for what it does not name.
import type { Item, Part, Run, Statement } from '../../parser/ast.ts';
import type { Span } from '../../parser/source.ts';
import { seed } from '../vocabulary/schedule.ts';
import { noAugmentation } from './build-augment.ts';
import { resolveData } from './build-data.ts';
import { noSettings, resolveStages, type ScheduleDraft, type TrainingSettings } from './build-stages.ts';
import { isWeights, weightsOfRun } from './build-weights.ts';
import type { Program } from './collect.ts';
import { type Picked, pickParts, reportMissing } from './pick-part.ts';
import type { AugmentPlan, BackbonePlan, DataPlan, FreezePlan, LayerPlan, RunPlan, StagePlan } from './plan.ts';
import { doubled } from './read-block.ts';
import type { PartReaders } from './read-parts.ts';
import { readSetting } from './read-word.ts';
import { mark, type Scope } from './scope.ts';

/** A run as far as it could be planned; null: that part is missing or damaged, and was reported. */
export interface RunDraft {
  readonly name: string;
  readonly sweep: string | null;
  readonly continues: string | null;
  readonly seed: number;
  readonly span: Span;
  readonly data: DataPlan | null;
  readonly augment: readonly AugmentPlan[] | null;
  readonly views: RunPlan['views'];
  readonly backbone: BackbonePlan | null;
  readonly head: readonly LayerPlan[] | null;
  readonly stages: readonly StagePlan[] | null;
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
  parts: PartReaders,
  program: Program,
  { node, name, suffix, earlier, place }: RunRequest,
): RunDraft => {
  const items = node?.block?.items ?? [];
  const where = node?.word.span ?? place;
  const picked = pickParts(scope, program, items, where);
  const bare = picked.augment === 'missing' || picked.augment === 'none';
  const augmentation = bare ? noAugmentation : read(picked.augment, parts.augment);
  const ofPart = read(picked.backbone, parts.backbone);
  const backbone = weightsOfRun(scope, ofPart, weightsStatement(scope, items), suffix);
  const data = read(picked.data, parts.data);
  const head = read(picked.head, parts.head);
  const own = node === null ? noSettings : parts.training(node);
  const freeze = program.freeze === null ? null : parts.freeze(program.freeze);
  reportMissing(scope, program, picked, where, node === null ? 'This file' : 'This run');
  return {
    name: `${name}${suffix}`,
    sweep: suffix === '' ? null : suffix.trim(),
    continues: node?.continues ? `${node.continues.text}${suffix}` : null,
    seed: seedOf(scope, items, program),
    span: node?.span ?? place,
    data: data === null ? null : resolveData(scope, data, backbone, earlier),
    augment: augmentation?.steps ?? null,
    views: augmentation?.views ?? null,
    backbone,
    head,
    stages: stagesOf(scope, picked.schedule, parts, own, freeze, where),
  };
};

const read = <P extends object, T>(picked: Picked<P>, reader: (part: P) => T | null): T | null =>
  typeof picked === 'string' ? null : reader(picked);

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

const noSchedule: ScheduleDraft = { own: noSettings, stages: [] };

const stagesOf = (
  scope: Scope,
  picked: Picked<Part>,
  parts: PartReaders,
  own: TrainingSettings | null,
  fileFreeze: FreezePlan | null,
  where: Span,
): readonly StagePlan[] | null => {
  const schedule = picked === 'missing' || picked === 'none' ? noSchedule : read(picked, parts.schedule);
  if (own === null || schedule === null) return null;
  return resolveStages(scope, schedule, own, fileFreeze, typeof picked === 'string' ? where : picked.span);
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

/** Heads with the layer that follows from the classes, each once: runs of the same parts share their networks. */
const whole = new WeakMap<readonly LayerPlan[], Map<number | null, readonly LayerPlan[]>>();

const wholeHead = (scope: Scope, head: readonly LayerPlan[], classes: number | null): readonly LayerPlan[] => {
  const known = whole.get(head) ?? new Map<number | null, readonly LayerPlan[]>();
  whole.set(head, known);
  const made = known.get(classes) ?? [...head, predictions(classes)];
  known.set(classes, made);
  const at = scope.marks.get(head);
  return at === undefined ? made : mark(scope, made, at.span);
};

/** The plan of a run; null where a part is missing. */
export const runPlan = (scope: Scope, draft: RunDraft): RunPlan | null => {
  const { name, sweep, continues, seed, data, augment, views, backbone, head, stages } = draft;
  if (data === null || augment === null || backbone === null || head === null || stages === null) return null;
  const plan: RunPlan = {
    name,
    sweep,
    continues,
    seed,
    data,
    augment,
    views,
    backbone,
    head: wholeHead(scope, head, data.classes),
    stages,
  };
  return mark(scope, plan, draft.span);
};
