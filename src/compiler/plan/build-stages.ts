// Verb: the settings of run, stage and schedule, the nearest first, to the stages of a run.
import type { Block, Freeze, Item, Stage } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { duplicateName } from '../findings/words.ts';
import { rateSettings, type Setting, stageSettings } from '../vocabulary/schedule.ts';
import type { Json } from '../vocabulary/word.ts';
import { buildFreeze, defaultFreeze } from './build-freeze.ts';
import type { FreezePlan, LearningRatePlan, OptimizerPlan, StagePlan } from './plan.ts';
import { doubled, settingsOf } from './read-block.ts';
import { readStatement } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

/** What one block says about training. */
export interface TrainingSettings {
  readonly values: ReadonlyMap<string, { readonly value: Json; readonly span: Span }>;
  readonly freeze: FreezePlan | null;
}

export interface ScheduleDraft {
  readonly own: TrainingSettings;
  readonly stages: readonly { readonly name: string; readonly span: Span; readonly own: TrainingSettings }[];
}

export const noSettings: TrainingSettings = { values: new Map(), freeze: null };

const settings: Readonly<Record<string, Setting>> = { ...stageSettings, ...rateSettings };

/** Reads the training words of a block; `also` picks the items that somebody else reads. */
export const readTraining = (
  scope: Scope,
  block: Block | null,
  name: 'schedule' | 'stage' | 'run',
  also: (item: Item) => boolean,
): TrainingSettings => {
  const values = new Map<string, { readonly value: Json; readonly span: Span }>();
  const freezes = (block?.items ?? []).filter((item) => item.kind === 'freeze');
  for (const second of freezes.slice(1)) doubled(scope, second, freezes[0]!);
  for (const statement of settingsOf(scope, block, name, (item) => item.kind === 'freeze' || also(item))) {
    const word = statement.word.text;
    const setting = settings[word];
    if (setting === undefined) continue;
    const only = statement.values[0];
    if (setting.optional === true && statement.values.length === 1 && only?.kind === 'word' && only.text === 'none') {
      values.set(word, { value: null, span: statement.span });
      continue;
    }
    const read = readStatement(scope, setting, statement);
    if (read === undefined) continue;
    const value = setting.build?.(read.fields) ?? null;
    if (typeof value === 'object' && value !== null && scope.marks.get(value) === undefined) {
      mark(scope, value, statement.span, read.spans);
    }
    values.set(word, { value, span: statement.span });
  }
  const freeze = freezes[0] === undefined ? null : readFreeze(scope, freezes[0]);
  return { values, freeze };
};

const readFreeze = (scope: Scope, freeze: Freeze): FreezePlan | null =>
  freeze.broken ? null : (buildFreeze(scope, freeze) ?? null);

export const readSchedule = (scope: Scope, block: Block | null): ScheduleDraft => {
  const own = readTraining(scope, block, 'schedule', (item) => item.kind === 'stage');
  const found = (block?.items ?? []).filter((item) => item.kind === 'stage');
  const names = new Map<string, Stage>();
  const stages = found.map((stage, i) => {
    const name = stage.name?.text ?? (found.length === 1 ? 'training' : `stage ${i + 1}`);
    const first = names.get(name);
    if (first === undefined) names.set(name, stage);
    else {
      report(
        scope,
        finding(duplicateName, stage.name?.span ?? stage.word.span, `There are two stages named "${name}".`, {
          help: 'Give one of them another name.',
          related: [{ span: first.name?.span ?? first.word.span, message: 'the first one' }],
        }),
      );
    }
    return { name, span: stage.span, own: readTraining(scope, stage.block, 'stage', () => false) };
  });
  return { own, stages };
};

/** The stages of a run: what the run says goes before the stage, the stage before the schedule, that before the default. */
export const resolveStages = (
  scope: Scope,
  schedule: ScheduleDraft,
  run: TrainingSettings,
  fileFreeze: FreezePlan | null,
  fallback: Span,
): readonly StagePlan[] => {
  const drafts =
    schedule.stages.length === 0 ? [{ name: 'training', span: fallback, own: noSettings }] : schedule.stages;
  return drafts.map((draft) => {
    const levels = [run, draft.own, schedule.own];
    const spans: Record<string, Span> = {};
    const find = (word: string): { readonly value: Json; readonly level: number } | null => {
      const level = levels.findIndex((l) => l.values.has(word));
      const found = levels[level]?.values.get(word);
      if (found === undefined) return null;
      spans[word] = found.span;
      return { value: found.value, level };
    };
    const take = (word: keyof typeof settings): Json => {
      const found = find(word);
      return found === null ? settings[word]!.initial : found.value;
    };
    const rates = resolveRates(scope, take, find);
    if (spans.lr !== undefined) spans.optimizer ??= spans.lr;
    const fields = Object.fromEntries(Object.keys(stageSettings).map((word) => [word, take(word)]));
    const { optimizer: _, ...rest } = fields;
    // The table's type makes the words those of StagePlan.
    const { epochs, batch, ...others } = rest as unknown as Omit<
      StagePlan,
      'name' | 'freeze' | 'optimizer' | 'learning_rate'
    >;
    const stage: StagePlan = {
      name: draft.name,
      freeze: run.freeze ?? draft.own.freeze ?? schedule.own.freeze ?? fileFreeze ?? defaultFreeze,
      epochs,
      batch,
      optimizer: rates.optimizer,
      learning_rate: rates.learning_rate,
      ...others,
    };
    return mark(scope, stage, draft.span, spans);
  });
};

const resolveRates = (
  scope: Scope,
  take: (word: string) => Json,
  find: (word: string) => { readonly value: Json; readonly level: number } | null,
): { readonly optimizer: OptimizerPlan; readonly learning_rate: LearningRatePlan } => {
  const chosen = take('optimizer') as unknown as OptimizerPlan;
  const apart = find('lr');
  const nearer = find('optimizer');
  const rates =
    apart === null || (nearer !== null && nearer.level < apart.level)
      ? null
      : (apart.value as { readonly head: number; readonly backbone: number });
  let optimizer = chosen;
  if (rates !== null) {
    optimizer = { ...chosen, lr: rates.head };
    const from = scope.marks.get(chosen);
    if (from !== undefined) scope.marks.set(optimizer, from);
  }
  return {
    optimizer,
    learning_rate: {
      schedule: take('learning_rate') as unknown as LearningRatePlan['schedule'],
      warmup_epochs: Number(take('warmup_epochs')),
      backbone_factor: rates === null ? 1 : Number((rates.backbone / rates.head).toPrecision(12)),
    },
  };
};
