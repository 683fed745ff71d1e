// Verb: a data block to what it says, and that together with the backbone to the data of the plan.
import type { Part, Statement, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { missingValue, outOfRange, wrongSentence } from '../findings/words.ts';
import { type ClassChoice, choiceSize, isPlaces } from '../leaf/class-choice.ts';
import { nearest } from '../leaf/nearest.ts';
import { type BackboneFacts, backbones, weightRanges } from '../vocabulary/backbones.ts';
import { dataSettings, shapesImage, sourceFacts } from '../vocabulary/data.ts';
import type { GivenBy, SettingWord } from '../vocabulary/setting.ts';
import { hasWord, share, text } from '../vocabulary/word.ts';
import { rangeName } from './build-weights.ts';
import { evaluate } from './evaluate.ts';
import { normalizePlan } from './normalize.ts';
import type { BackbonePlan, DataPlan, ImageShape, NormalizePlan, ValidationPlan } from './plan.ts';
import { hasDamage, settingsOf } from './read-block.ts';
import { readSetting, readValue } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

/** What the statements of a data block give; `validation`, a sentence, aside. */
type DataSettings = { readonly [W in keyof typeof dataSettings]: GivenBy<(typeof dataSettings)[W]> };
const words: { readonly [W in keyof DataSettings]: SettingWord<DataSettings[W]> } = dataSettings;

/** What a data block says, before the backbone is known. */
export interface DataDraft {
  readonly span: Span;
  readonly settings: Partial<DataSettings>;
  /** Spans of the statements. */
  readonly spans: Readonly<Record<string, Span>>;
  readonly validation: ValidationPlan;
}

/** Of the train split, before shuffling, where the file says nothing. */
const DEFAULT_VALIDATION: ValidationPlan = { kind: 'fraction', fraction: 0.1, stratified: true };

export const buildData = (scope: Scope, part: Part): DataDraft => {
  const settings: { -readonly [W in keyof DataSettings]?: DataSettings[W] } = {};
  const take = <W extends keyof DataSettings>(word: W, statement: Statement): void => {
    const read = readSetting(scope, words[word], statement);
    if (read !== undefined) settings[word] = read.value;
  };
  const spans: Record<string, Span> = {};
  let validation: ValidationPlan = DEFAULT_VALIDATION;
  for (const statement of settingsOf(scope, part.block, 'data')) {
    const word = statement.word.text;
    spans[word] = statement.span;
    if (word === 'validation') {
      validation = readValidation(scope, statement) ?? DEFAULT_VALIDATION;
      continue;
    }
    if (hasWord(words, word)) take(word, statement);
  }
  if (spans.source === undefined && !hasDamage(part.block) && !misspelt(part, 'source')) {
    report(
      scope,
      finding(missingValue, part.word.span, 'This data block has no source.', {
        help: 'Add `source digits`, `source folder("path")` or another source.',
      }),
    );
  }
  return { span: part.span, settings, spans, validation };
};

/** Whether a block holds an unknown word that was meant to be this one. */
const misspelt = (part: Part, word: string): boolean =>
  part.block?.items.some((item) => nearest(item.word.text, [word]) !== null) ?? false;

/** `none`, `test`, `folder("val")`, `20% of train`, `20% of train stratified`. */
const readValidation = (scope: Scope, statement: Statement): ValidationPlan | undefined => {
  const [first, ...rest] = statement.values;
  const bad = (span: Span, message: string): undefined =>
    report(scope, finding(wrongSentence, span, message, { help: sentenceHelp }));
  if (first === undefined || statement.args.length > 0 || statement.block !== null) {
    return bad(statement.span, '`validation` is a sentence about which images to measure on.');
  }
  const extra = (from: readonly Value[]): boolean => {
    if (from[0] !== undefined) bad(from[0].span, 'Nothing can follow here.');
    return from.length > 0;
  };
  const marked = <V extends ValidationPlan>(plan: V): V => mark(scope, plan, statement.span, {});
  if (first.kind === 'word' && (first.text === 'none' || first.text === 'test')) {
    return extra(rest) ? undefined : marked({ kind: first.text });
  }
  if (first.kind === 'call' && first.word.text === 'folder') {
    const path = first.args[0];
    if (path === undefined || first.args.length > 1) return bad(first.span, '`folder` takes one path.');
    const read = readValue(scope, text('path').type, path.value, 'the folder');
    return extra(rest) || typeof read !== 'string' ? undefined : marked({ kind: 'folder', path: read });
  }
  const value = evaluate(scope, first);
  if (value === undefined) return undefined;
  if (value.kind !== 'number') return bad(first.span, 'This is no set of images to validate on.');
  const fraction = readValue(scope, share({ above: 0, below: 1 }).type, first, 'the share of `validation`');
  const words = rest.map((v) => (v.kind === 'word' ? v.text : ''));
  if (words[0] !== 'of' || words[1] !== 'train') {
    return bad(
      rest[0]?.span ?? first.span,
      `A share is taken \`of train\`${words[1] === 'test' ? ', never of the test split' : ''}.`,
    );
  }
  const stratified = words[2] === 'stratified';
  if (extra(rest.slice(stratified ? 3 : 2)) || typeof fraction !== 'number') return undefined;
  return marked({ kind: 'fraction', fraction, stratified });
};

const sentenceHelp =
  'Write `validation 20% of train`, `validation 20% of train stratified`, `validation folder("path")`, `validation test` or `validation none`.';

/** The data of a run; null where it has no source. */
export const resolveData = (
  scope: Scope,
  draft: DataDraft,
  backbone: BackbonePlan | null,
  earlier: readonly EarlierRun[],
): DataPlan | null => {
  const { settings } = draft;
  const { source } = settings;
  if (source === undefined) return null;
  const known: BackboneFacts | null = backbone?.kind === 'known' ? backbones[backbone.name] : null;
  const facts = sourceFacts[source.kind] ?? null;
  const sourceImage: ImageShape | null = source.kind === 'shapes' ? shapesImage : (facts?.image ?? null);
  const side = known?.size ?? 224;
  const { height, width } = settings.size ?? sourceImage ?? { height: side, width: side };
  const channels = settings.channels ?? (known === null ? (sourceImage?.channels ?? 3) : 3);
  const usual = channels === 3 ? defaultNormalize(backbone, earlier) : 'unit';
  const all = source.kind === 'shapes' ? source.classes : (facts?.classes ?? null);
  const choice = settings.classes ?? null;
  if (choice !== null) checkChoice(scope, choice, all, draft.spans.classes ?? draft.span);
  const plan: DataPlan = {
    source,
    only_classes: choice,
    classes: choice === null ? all : choiceSize(choice),
    image: { height, width, channels },
    source_image: sourceImage,
    resize: settings.resize ?? dataSettings.resize.initial,
    normalize: normalizePlan(settings.normalize ?? usual, channels),
    validation: draft.validation,
    limit: settings.limit ?? dataSettings.limit.initial,
    class_weights: settings.class_weights ?? dataSettings.class_weights.initial,
  };
  const { size: sizeSpan, ...others } = draft.spans;
  const image = sizeSpan ?? draft.spans.channels;
  return mark(scope, plan, draft.span, image === undefined ? others : { ...others, image });
};

/** A choice must be of two whole places at least, and of classes that the source has. */
const checkChoice = (scope: Scope, choice: ClassChoice, all: number | null, span: Span): void => {
  const bad = (message: string, help: string): undefined => report(scope, finding(outOfRange, span, message, { help }));
  if (isPlaces(choice) && !choice.every(Number.isInteger)) {
    bad('Places of classes are whole numbers.', 'Write `classes 0..4`.');
  } else if (isPlaces(choice) && all !== null && choice[1] >= all) {
    bad(`The data have classes 0..${all - 1}, not ${choice[0]}..${choice[1]}.`, 'Places begin with 0.');
  } else if (choiceSize(choice) < 2) {
    bad('A classifier needs two classes at least.', 'Keep more classes.');
  }
};

/** A run before this one, as far as it could be planned. */
interface EarlierRun {
  readonly name: string;
  readonly data: DataPlan | null;
}

/** What trained weights expect of colour images; null where there are none, or nothing is known of them. */
export const expectedNormalize = (
  { weights, ...backbone }: BackbonePlan,
  earlier: readonly EarlierRun[],
): NormalizePlan['kind'] | null => {
  if (weights.kind === 'run') {
    return earlier.find(({ name }) => name === weights.name)?.data?.normalize.kind ?? null;
  }
  if (backbone.kind === 'own' || weights.kind === 'none') return null;
  const range = 'range' in weights ? weights.range : null;
  return (range && weightRanges[rangeName(range)]) ?? backbones[backbone.name].normalize;
};

/** What the weights expect; where scaling is part of the model, nothing; for fresh weights 0..1. */
const defaultNormalize = (backbone: BackbonePlan | null, earlier: readonly EarlierRun[]): NormalizePlan['kind'] => {
  if (backbone === null) return 'unit';
  const inside = backbone.kind === 'known' && backbones[backbone.name].normalize === 'none';
  return expectedNormalize(backbone, earlier) ?? (inside ? 'none' : 'unit');
};
