// Noun and verb: what the data of a run are known by, without their pixels; and in what two of them differ.
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { SourcePlan } from '../../compiler/plan/plan.ts';
import { openRegular } from '../read-regular.ts';
import type { Source, Split } from './source.ts';

/** The images of one class in one split. */
export interface ClassFingerprint {
  readonly images: number;
  /** Of the names, sizes and last bytes of their files, in any order; null where they are no files. */
  readonly files: string | null;
  /** Of what is in them; null where nobody asked. */
  readonly content: string | null;
}

type SplitName = 'train' | 'test';

export interface DataFingerprint {
  /** In the order of the outputs. */
  readonly classes: readonly string[];
  /** One entry a class. */
  readonly splits: Readonly<Record<SplitName, readonly ClassFingerprint[]>>;
}

/** Half a SHA-256 of texts in any order. */
const digestOf = (texts: readonly string[]): string =>
  createHash('sha256')
    .update([...texts].sort().join('\n'))
    .digest('hex')
    .slice(0, 32);

/** Compressed images that differ end in other bytes. */
const TAIL_BYTES = 64;

/** Size and last bytes of a file: enough to tell it from another without reading it. */
const endOf = (path: string): string => {
  const { file, size } = openRegular(path);
  try {
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return `${size} ${tail.toString('latin1')}`;
  } finally {
    closeSync(file);
  }
};

/** Where the names of the files of a split begin: data may be moved as a whole. */
const rootOf = (plan: SourcePlan, split: SplitName): string => {
  const path =
    split === 'test' && 'test' in plan && typeof plan.test === 'string' ? plan.test : 'path' in plan ? plan.path : '.';
  return dirname(resolve(path));
};

const indicesByClass = ({ labels }: Split, classes: number): readonly (readonly number[])[] => {
  const indices = Array.from({ length: classes }, (): number[] => []);
  for (const [index, label] of labels.entries()) indices[label]!.push(index);
  return indices;
};

/** `content`: reads all images. */
export const fingerprintOf = (source: Source, plan: SourcePlan, content: boolean): DataFingerprint => {
  const { classes, fileOf } = source;
  const ofSplit = (split: SplitName): readonly ClassFingerprint[] => {
    const root = rootOf(plan, split);
    const named = (index: number): string => {
      const path = fileOf!(split, index);
      return `${relative(root, path).split(sep).join('/')} ${endOf(path)}`;
    };
    const held = (index: number): string => Buffer.from(source.digest(split, index)).toString('hex');
    return indicesByClass(source[split], classes.length).map((indices) => ({
      images: indices.length,
      files: fileOf === undefined ? null : digestOf(indices.map(named)),
      content: content ? digestOf(indices.map(held)) : null,
    }));
  };
  return { classes, splits: { train: ofSplit('train'), test: ofSplit('test') } };
};

/** Whether the images themselves were looked at. */
export const hasContent = (of: DataFingerprint | null): boolean =>
  of?.splits.train.some(({ content }) => content !== null) ?? false;

const classesDiffer = (before: readonly string[], now: readonly string[]): string => {
  const gone = before.filter((name) => !now.includes(name));
  const fresh = now.filter((name) => !before.includes(name));
  if (gone.length === 0 && fresh.length === 0) return 'the order of the classes is another';
  const parts = [
    ...(gone.length > 0 ? [`without ${quoted(gone)}`] : []),
    ...(fresh.length > 0 ? [`with ${quoted(fresh)}, which the run does not know`] : []),
  ];
  return `they are ${parts.join(' and ')}`;
};

const SHOWN = 5;
const quoted = (names: readonly string[]): string => {
  const shown = names.slice(0, SHOWN).map((name) => `"${name}"`);
  return [...shown, ...(names.length > SHOWN ? [`${names.length - SHOWN} more`] : [])].join(', ');
};

const classDiffers = (before: ClassFingerprint, now: ClassFingerprint): string | null => {
  if (before.images !== now.images) return `${now.images} images instead of ${before.images}`;
  if (before.files !== now.files) return 'other files, or changed ones';
  const both = before.content !== null && now.content !== null;
  return both && before.content !== now.content ? 'other images in files of the same names' : null;
};

/** Clauses that name what is no longer as it was, at most six; empty where nothing is. */
export const changesOf = (before: DataFingerprint, now: DataFingerprint): readonly string[] => {
  if (before.classes.join('\n') !== now.classes.join('\n')) return [classesDiffer(before.classes, now.classes)];
  const all = (['train', 'test'] as const).flatMap((split) =>
    before.classes.flatMap((name, i) => {
      const differs = classDiffers(before.splits[split][i]!, now.splits[split][i]!);
      return differs === null ? [] : [`class "${name}" of the ${split} split has ${differs}`];
    }),
  );
  return all.length > SHOWN + 1 ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more classes differ`] : all;
};
