// Verb: the tables of the vocabulary to the JSON schema of the plan. `npm run generate` writes it to plan.schema.json.
import { augmentations, augmentSettings } from '../vocabulary/augment.ts';
import { backbones, ownWeightSources, weightSources } from '../vocabulary/backbones.ts';
import { dataSettings, normalizations, sources, validations } from '../vocabulary/data.ts';
import { freezing } from '../vocabulary/freeze.ts';
import { initializers, layers, regularizers } from '../vocabulary/layers.ts';
import { learningRates, optimizers, rateSettings, seed, stageSettings } from '../vocabulary/schedule.ts';
import type { SettingWord } from '../vocabulary/setting.ts';
import { integer, required, type Word, type Words } from '../vocabulary/word.ts';
import type { DataPlan, ImageShape, LearningRatePlan, NormalizePlan, Plan, RunPlan } from './plan.ts';
import {
  type Definitions,
  fieldsSchema,
  formSchema,
  listOf,
  nullable,
  objectOf,
  refTo,
  type Schema,
  wordsSchema,
} from './value-schema.ts';

/** Tables that several places of the plan name, or that stand for themselves. */
const tables: Readonly<Record<string, Words>> = {
  source: sources,
  validation: validations,
  augmentation: augmentations,
  weights: weightSources,
  own_weights: ownWeightSources,
  initializer: initializers,
  regularizer: regularizers,
  optimizer: optimizers,
  rate: learningRates,
};
const defs: Definitions = new Map(Object.entries(tables).map(([name, words]) => [words, name]));

/** An object of the plan; a field left out or too many does not compile. */
const planObject = <T>(fields: { readonly [F in keyof T]-?: Schema }): Schema => objectOf(fields);

const text: Schema = { type: 'string', minLength: 1 };
const count = (minimum: number): Schema => ({ type: 'integer', minimum });
const given = (word: Word): Schema => formSchema(word, defs) ?? {};
/** What a setting gives, or null where it is off. */
const settingSchema = (word: SettingWord): Schema => {
  const schema = given(word);
  return word.initial === null && word.optional === true ? nullable(schema) : schema;
};

const image = planObject<ImageShape>({ height: count(1), width: count(1), channels: count(1) });

const data = planObject<DataPlan>({
  source: refTo('source'),
  only_classes: nullable(given(dataSettings.classes)),
  classes: nullable(count(1)),
  image: refTo('image'),
  source_image: nullable(refTo('image')),
  resize: given(dataSettings.resize),
  normalize: planObject<NormalizePlan>({
    kind: { enum: Object.keys(normalizations) },
    order: { enum: ['rgb', 'bgr'] },
    scale: listOf({ type: 'number' }, 1),
    offset: listOf({ type: 'number' }, 1),
  }),
  validation: refTo('validation'),
  limit: given(dataSettings.limit),
  class_weights: given(dataSettings.class_weights),
});

/** Layers of the plan: the one for the classes has no units until the data says how many there are. */
const planLayers: Words = {
  ...layers,
  dense: { ...layers.dense, params: { ...layers.dense.params, units: required(integer({ min: 0 }), 'Outputs.') } },
};
const layerList = listOf(refTo('layer'));
const layer = wordsSchema(
  planLayers,
  defs,
  ({ block }): Readonly<Record<string, Schema>> => (block === 'branches' ? { branches: listOf(layerList, 2) } : {}),
);

const backbone: Schema = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    objectOf({ kind: { const: 'known' }, name: { enum: Object.keys(backbones) }, weights: refTo('weights') }),
    objectOf({
      kind: { const: 'own' },
      name: nullable(text),
      layers: layerList,
      weights: refTo('own_weights'),
    }),
  ],
};

const learningRate = planObject<LearningRatePlan>({
  schedule: refTo('rate'),
  warmup_epochs: given(rateSettings.warmup_epochs),
  backbone_factor: { type: 'number', minimum: 0 },
});

/** Its settings, and what of a stage is no setting. */
const stage = objectOf({
  name: text,
  freeze: objectOf(fieldsSchema(freezing, defs)),
  learning_rate: learningRate,
  ...Object.fromEntries(Object.entries(stageSettings).map(([name, word]) => [name, settingSchema(word)])),
});

const run = planObject<RunPlan>({
  name: text,
  sweep: { type: ['string', 'null'] },
  continues: { type: ['string', 'null'] },
  seed: given(seed),
  data: refTo('data'),
  augment: listOf(refTo('augmentation')),
  views: nullable(given(augmentSettings.views)),
  backbone: refTo('backbone'),
  head: listOf(refTo('layer'), 1),
  stages: listOf(refTo('stage'), 1),
});

/** The schema of a plan: JSON Schema 2020-12, with AJV's discriminators. */
export const planSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'plan.schema.json',
  title: 'Plan of a tlp pipeline',
  ...planObject<Plan>({ version: { const: 1 }, pipeline: text, runs: listOf(refTo('run'), 1) }),
  $defs: {
    run,
    data,
    image,
    backbone,
    layer,
    stage,
    ...Object.fromEntries(Object.entries(tables).map(([name, words]) => [name, wordsSchema(words, defs)])),
  },
});
