// Verb: opened data and how they are split → what makes scores lie, in sentences.
import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { SourcePlan } from '../compiler/plan/plan.ts';
import type { Source } from '../runtime/data/source.ts';
import type { TrainData } from '../runtime/trainer/trainer.ts';

const SPLIT_NAMES = new Set(['train', 'training', 'val', 'valid', 'validation', 'dev', 'test', 'testing']);

/** Names that a sentence shows. */
const SHOWN = 5;
const listed = (names: readonly string[]): string =>
  [...names.slice(0, SHOWN), ...(names.length > SHOWN ? [`${names.length - SHOWN} more`] : [])].join(', ');

/** Splits taken for classes: the folder is one too high. */
const splitsAsClasses = ({ classes }: Source, plan: SourcePlan): readonly string[] => {
  if (plan.kind !== 'folder' || !classes.every((name) => SPLIT_NAMES.has(name.toLowerCase()))) return [];
  const train = classes.find((name) => /^train/i.test(name)) ?? classes[0];
  const test = classes.find((name) => /^test/i.test(name));
  const cure = `folder("${plan.path}/${train}"${test === undefined ? '' : `, test: "${plan.path}/${test}"`})`;
  return [`The classes are ${listed(classes)}: these are splits, not what is in the images. Did you mean ${cure}?`];
};

const isWithin = (outer: string, inner: string): boolean => {
  const way = relative(realpathSync(outer), realpathSync(inner));
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..');
};

/** Test images that are trained on, as far as the folders tell. */
const testIsTrain = (plan: SourcePlan): readonly string[] => {
  if (plan.kind !== 'folder' || plan.test === null || !isWithin(plan.path, plan.test)) return [];
  const same = realpathSync(plan.path) === realpathSync(plan.test);
  return [
    `The test folder ${plan.test} ${same ? 'is' : 'lies in'} the train folder: its images are trained on, and the test score says nothing.`,
  ];
};

const withoutImages = ({ classes, train }: Source, data: TrainData): readonly string[] => {
  const trained = new Set(Array.from(data.train, (index) => train.labels[index]!));
  const missing = classes.filter((_, label) => !trained.has(label));
  if (missing.length === 0) return [];
  return [`No image to train on has the class ${listed(missing)}: it cannot be learned.`];
};

/** Files that stand in the data more than once, with one label or with several. */
const repeated = ({ classes, train, fileOf }: Source, plan: SourcePlan): readonly string[] => {
  if (plan.kind !== 'csv' || fileOf === undefined) return [];
  const labels = new Map<string, Set<number>>();
  const counts = new Map<string, number>();
  for (const [index, label] of train.labels.entries()) {
    const file = fileOf('train', index);
    counts.set(file, (counts.get(file) ?? 0) + 1);
    labels.set(file, (labels.get(file) ?? new Set()).add(label));
  }
  const names = (file: string): string => [...labels.get(file)!].map((label) => classes[label]).join(' and ');
  const torn = [...labels].filter(([, found]) => found.size > 1).map(([file]) => file);
  const twice = [...counts].filter(([file, count]) => count > 1 && labels.get(file)!.size === 1).map(([file]) => file);
  return [
    ...(torn.length === 0
      ? []
      : [
          `${torn.length} images of ${plan.path} have more than one label: ${listed(torn.map((file) => `${file} (${names(file)})`))}.`,
        ]),
    ...(twice.length === 0
      ? []
      : [
          `${twice.length} images of ${plan.path} stand there more than once: ${listed(twice)}. Some may be trained on and validated.`,
        ]),
  ];
};

/** Empty where nothing was found. */
export const dataWarnings = (source: Source, plan: SourcePlan, data: TrainData): readonly string[] => [
  ...splitsAsClasses(source, plan),
  ...testIsTrain(plan),
  ...withoutImages(source, data),
  ...repeated(source, plan),
];
