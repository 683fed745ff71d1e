// Verb: the settings of run, stage and schedule, the nearest first, to the stages of a run.
import type { Block, Freeze, Item, Stage, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { duplicateName } from '../findings/words.ts';
import { rateSettings, stageSettings } from '../vocabulary/schedule.ts';
import type { SettingOf, SettingWord } from '../vocabulary/setting.ts';
import { hasWord } from '../vocabulary/word.ts';
import { buildFreeze, defaultFreeze } from './build-freeze.ts';
import type { FreezePlan, LearningRatePlan, OptimizerPlan, StagePlan } from './plan.ts';
import { doubled, settingsOf } from './read-block.ts';
import { readSetting } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

/** What the words about training give. */
type Settings = typeof stageSettings & typeof rateSettings;
type Values = { readonly [W in keyof Settings]: SettingOf<Settings[W]> };
const settings: { readonly [W in keyof Values]: SettingWord<Values[W], Values[W]> } = {
  ...stageSettings,
  ...rateSettings,
};

/** What one block says about training. */
export interface TrainingSettings {
  readonly values: Partial<Values>;
  /** Where each of them stands. */
  readonly spans: Readonly<Record<string, Span>>;
  readonly freeze: FreezePlan | null;
}

export interface ScheduleDraft {
  readonly own: TrainingSettings;
  readonly stages: readonly { readonly name: string; readonly span: Span; readonly own: TrainingSettings }[];
}

export const noSettings: TrainingSettings = { values: {}, spans: {}, freeze: null };

/** Reads the training words of a block; `also` picks the items that somebody else reads. */
export const readTraining = (
  scope: Scope,
  block: Block | null,
  name: 'schedule' | 'stage' | 'run',
  also: (item: Item) => boolean,
): TrainingSettings => {
  const values: { -readonly [W in keyof Values]?: Values[W] } = {};
  const spans: Record<string, Span> = {};
  const say = <W extends keyof Values>(word: W, statement: Statement): void => {
    const read = saysNone(settings[word], statement)
      ? { value: settings[word].initial }
      : readSetting(scope, settings[word], statement);
    if (read === undefined) return;
    values[word] = read.value;
    spans[word] = statement.span;
  };
  const freezes = (block?.items ?? []).filter((item) => item.kind === 'freeze');
  for (const second of freezes.slice(1)) doubled(scope, second, freezes[0]!);
  for (const statement of settingsOf(scope, block, name, (item) => item.kind === 'freeze' || also(item))) {
    const word = statement.word.text;
    if (hasWord(settings, word)) say(word, statement);
  }
  const freeze = freezes[0] === undefined ? null : readFreeze(scope, freezes[0]);
  return { values, spans, freeze };
};

/** `word none` of a word that can be turned off. */
const saysNone = (setting: SettingWord, { values }: Statement): boolean =>
  setting.optional === true && values.length === 1 && values[0]?.kind === 'word' && values[0].text === 'none';

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
    const find: Find = (word) => {
      const level = levels.findIndex(({ values }) => values[word] !== undefined);
      const value = levels[level]?.values[word];
      if (value === undefined) return null;
      spans[word] = levels[level]!.spans[word]!;
      return { value, level };
    };
    const rates = resolveRates(scope, find);
    if (spans.lr !== undefined) spans.optimizer ??= spans.lr;
    const { epochs, batch, optimizer: _, ...others } = stageFields(find);
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

/** Looks a word up, the nearest level first; null where none says it. */
type Find = <W extends keyof Values>(word: W) => { readonly value: Values[W]; readonly level: number } | null;

const take = <W extends keyof Values>(find: Find, word: W): Values[W] => {
  const found = find(word);
  return found === null ? settings[word].initial : found.value;
};

type StageFields = { readonly [W in keyof typeof stageSettings]: Values[W] };

/** The fields that the settings of a stage set, each. */
const stageFields = (find: Find): StageFields => {
  const fields: { -readonly [W in keyof StageFields]?: StageFields[W] } = {};
  const set = <W extends keyof StageFields>(word: W): void => {
    fields[word] = take(find, word);
  };
  for (const word of Object.keys(stageSettings)) if (hasWord(stageSettings, word)) set(word);
  if (!isWhole(fields)) throw new Error('a setting of the stage was left out');
  return fields;
};

const isWhole = (fields: Partial<StageFields>): fields is StageFields =>
  Object.keys(stageSettings).every((word) => word in fields);

const resolveRates = (
  scope: Scope,
  find: Find,
): { readonly optimizer: OptimizerPlan; readonly learning_rate: LearningRatePlan } => {
  const chosen = take(find, 'optimizer');
  const apart = find('lr');
  const nearer = find('optimizer');
  const rates = apart === null || (nearer !== null && nearer.level < apart.level) ? null : apart.value;
  let optimizer = chosen;
  if (rates !== null) {
    optimizer = { ...chosen, lr: rates.head };
    const from = scope.marks.get(chosen);
    if (from !== undefined) scope.marks.set(optimizer, from);
  }
  return {
    optimizer,
    learning_rate: {
      schedule: take(find, 'learning_rate'),
      warmup_epochs: take(find, 'warmup_epochs'),
      backbone_factor: rates === null ? 1 : Number((rates.backbone / rates.head).toPrecision(12)),
    },
  };
};
