// Verb: a run and images → features at the freeze frontier, one row an image, in a .npy file with a CSV of names and classes beside it.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { ImageShape } from '../compiler/plan/plan.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import { imagesBelow } from '../runtime/data/files/list-images.ts';
import { openSource } from '../runtime/data/open-source.ts';
import type { Source } from '../runtime/data/source.ts';
import type { SplitPart } from '../runtime/data/split.ts';
import type { Engine, Weights } from '../runtime/engine/engine.ts';
import { createNpy } from '../runtime/npy-file.ts';
import type { Unreadable } from '../runtime/prediction.ts';
import { diskError } from '../runtime/run-folder/disk.ts';
import { trainDataOf } from '../runtime/trainer/train-data.ts';
import type { EvaluationData } from './evaluate-run.ts';
import { fileBatches } from './file-batches.ts';
import { type OpenFrontier, openFrontier } from './open-frontier.ts';
import { withImagesOf } from './ready-run.ts';
import { splitBatches } from './split-batches.ts';

/** A run with the one stage whose frontier is meant, and the weights that its network has. */
export interface Embedder {
  readonly run: TrainableRun;
  /** What the preprocessing begins with. */
  readonly source: ImageShape;
  readonly weights: Weights;
}

export interface EmbedRequest {
  readonly embedder: Embedder;
  /** What to embed: all splits of the run's own data or another plan's, or a folder of images. */
  readonly data: EvaluationData;
  readonly engine: Engine;
  readonly device: string;
  /** Ends in .npy; the table beside it ends in .csv. */
  readonly out: string;
  /** A line of the table: fields as CSV. */
  readonly line: (fields: readonly string[]) => string;
  readonly onUnreadable: (image: Unreadable) => void;
}

export interface Embedded {
  readonly rows: number;
  readonly columns: number;
  readonly layers: readonly string[];
  /** The run freezes nothing: these are the features at the end of its backbone. */
  readonly ofBackbone: boolean;
  /** Where names and classes stand. */
  readonly table: string;
}

/** Rows in order, each with the fields of its line in the table. */
interface Rows {
  readonly head: readonly string[];
  readonly next: () => Promise<{
    readonly lines: readonly (readonly string[])[];
    readonly values: Float32Array;
  } | null>;
  readonly close: () => Promise<void>;
}

/** In the order of the files' names. The class of an image is the folder that it lies in, below the one that is named. */
const folderRows = async (frontier: OpenFrontier, request: EmbedRequest, folder: string): Promise<Rows> => {
  const classOf = (path: string): string => {
    const parts = relative(folder, path).split(sep);
    return parts.length > 1 ? parts[0]! : '';
  };
  const files = imagesBelow(folder).map((path) => ({ path, label: null }));
  const nextBatch = fileBatches(frontier, files, frontier.stage.plan.batch, request.onUnreadable);
  return {
    head: ['image', 'class'],
    next: async () => {
      const found = await nextBatch();
      if (found === null) return null;
      const lines = found.files.map(({ path }) => [path, classOf(path)]);
      return { lines, values: await frontier.embed(found.batch) };
    },
    close: async () => {},
  };
};

interface Row {
  readonly index: number;
  readonly fields: readonly [image: string, label: string, split: string];
}

/** The images of one split in order: of files by their names, of others as the source has them. */
const rowsOf = (source: Source, split: SplitPart['split'], purposes: ReadonlyMap<number, string>): readonly Row[] => {
  const named = [...purposes].map(([index, purpose]): Row => {
    const image = source.fileOf?.(split, index) ?? `${split}/${index}`;
    return { index, fields: [image, source.classes[source[split].labels[index]!]!, purpose] };
  });
  const before = (a: Row, b: Row): boolean =>
    source.fileOf === undefined ? a.index < b.index : a.fields[0] < b.fields[0];
  return named.sort((a, b) => (before(a, b) ? -1 : 1));
};

/** Train and validation images, then test images. */
const splitsOf = (
  run: TrainableRun,
  source: Source,
): readonly { readonly split: SplitPart['split']; readonly rows: readonly Row[] }[] => {
  const { train, validation, test } = trainDataOf(run, source);
  const held = validation?.split === 'train' ? [...validation.indices] : [];
  const purposes = {
    train: new Map([...[...train].map((i) => [i, 'train'] as const), ...held.map((i) => [i, 'validation'] as const)]),
    test: new Map([...test].map((i) => [i, 'test'] as const)),
  };
  return (['train', 'test'] as const)
    .filter((split) => purposes[split].size > 0)
    .map((split) => ({ split, rows: rowsOf(source, split, purposes[split]) }));
};

const splitRows = async (frontier: OpenFrontier, source: Source, run: TrainableRun): Promise<Rows> => {
  const splits = splitsOf(run, source);
  const { batch } = frontier.stage.plan;
  const open = (at: number) => {
    const { split, rows } = splits[at]!;
    const indices = Uint32Array.from(rows, ({ index }) => index);
    return splitBatches(frontier.compiled, source.classes.length, { split, indices }, batch);
  };
  let at = 0;
  let done = 0;
  let batches = await open(at);
  const next: Rows['next'] = async () => {
    const found = await batches.next();
    if (found !== null) {
      const lines = splits[at]!.rows.slice(done, done + found.count).map(({ fields }) => fields);
      done += found.count;
      return { lines, values: await frontier.embed(found) };
    }
    if (at + 1 === splits.length) return null;
    await batches.close();
    at += 1;
    done = 0;
    batches = await open(at);
    return next();
  };
  return { head: ['image', 'class', 'split'], next, close: () => batches.close() };
};

/** Both files appear whole or not at all. */
const writeRows = async (rows: Rows, columns: number, { out, line }: EmbedRequest, table: string): Promise<number> => {
  const file = createNpy(out, columns);
  const partial = `${table}.partial-${process.pid}`;
  const lines = [line(rows.head)];
  try {
    for (let found = await rows.next(); found !== null; found = await rows.next()) {
      file.append(found.values);
      for (const fields of found.lines) lines.push(line(fields));
    }
    writeFileSync(partial, lines.join(''));
  } catch (error) {
    file.discard();
    rmSync(partial, { force: true });
    throw error;
  }
  file.finish();
  renameSync(partial, table);
  return lines.length - 1;
};

/** Throws DataError, EngineError, SessionError or RunFolderError. */
export const embedImages = async (request: EmbedRequest): Promise<Embedded> => {
  const { embedder, data, engine, device, out } = request;
  const { weights } = embedder;
  const asked = data.kind === 'plan' ? withImagesOf(embedder.run, data.data) : embedder.run;
  const { resize } = asked.data;
  const source =
    data.kind === 'folder'
      ? null
      : await openSource(asked.data.source, { image: embedder.source, ...resize }, asked.data.only_classes);
  const image = source?.image ?? embedder.source;
  const frontier = await openFrontier({ run: asked, source: image, weights, engine, device });
  const table = out.replace(/(\.npy)?$/, '.csv');
  try {
    const rows =
      data.kind === 'folder'
        ? await folderRows(frontier, request, data.path)
        : await splitRows(frontier, source!, asked);
    try {
      const written = await writeRows(rows, frontier.columns, request, table);
      const { columns, layers, ofBackbone } = frontier;
      return { rows: written, columns, layers, ofBackbone, table };
    } finally {
      await rows.close();
    }
  } catch (error) {
    throw diskError(error, out);
  } finally {
    source?.close();
    await frontier.close();
  }
};
