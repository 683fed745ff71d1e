// A case of Keras' training in tlp: from the folder that train.py wrote to scores and probabilities, and what Keras is asked with.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkText } from '../../../src/compiler/check.ts';
import { openSource } from '../../../src/runtime/data/open-source.ts';
import { onnxEngine } from '../../../src/runtime/engine/onnx/onnx-engine.ts';
import type { RunEvent, Score } from '../../../src/runtime/events.ts';
import { readRunFolder } from '../../../src/runtime/run-folder/read-run-folder.ts';
import { predictImages } from '../../../src/session/predict-images.ts';
import { prepareRun } from '../../../src/session/prepare-run.ts';
import { trainPlan } from '../../../src/session/train-plan.ts';
import { readyPlan } from '../trainable.ts';
import { BATCH, EPOCHS, pipelineOf, runsOf, type TransferCase } from './cases.ts';

export interface TrainedRun {
  /** As the epochs went: each step is measured before its update. */
  readonly epochs: readonly Score[];
  readonly test: Score;
  /** Of the test images, one after the other in the order of their names. */
  readonly probabilities: readonly number[];
}

export interface Trained {
  /** Probabilities before any training. */
  readonly start: readonly number[];
  readonly runs: Readonly<Record<string, TrainedRun>>;
}

/** What train.py prints. */
export interface KerasTrained extends Trained {
  readonly keras: string;
  /** Test scores of the same training, begun with weights that were off by a millionth. */
  readonly shaken: Readonly<Record<string, Score>>;
}

const planOf = (each: TransferCase, folder: string) => {
  const text = pipelineOf(each, folder);
  const { plan, diagnostics } = checkText(text, 'transfer.tlp');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { text, plan: readyPlan(plan) };
};

/** Writes case.json, from which train.py writes weights and images. */
export const writeCase = (each: TransferCase, folder: string): void => {
  const { backbone, size } = each;
  const { runs } = planOf(each, folder).plan;
  const optimizerOf = (name: string) => runs.find((run) => run.name === name)?.stages[0]?.optimizer;
  const about = {
    backbone,
    size,
    batch: BATCH,
    normalize: runs[0]!.data.normalize.kind,
    runs: runsOf(each).map((run) => ({ ...run, optimizer: optimizerOf(run.name) })),
  };
  writeFileSync(join(folder, 'case.json'), JSON.stringify(about));
};

/** Writes request.json and head.bin: the head's first values, and which images come when. */
const writeRequest = async (each: TransferCase, folder: string, start: string): Promise<void> => {
  const { plan } = planOf(each, folder);
  const { run, compiled, data } = await prepareRun(plan, plan.runs[0]!);
  const source = await openSource(run.data.source, { image: run.data.image, ...run.data.resize });
  const named = (split: 'train' | 'test', indices: Uint32Array): readonly string[] =>
    Array.from(indices, (index) => relative(folder, source.fileOf!(split, index)));
  const { weights } = await readRunFolder(start);
  const head = compiled.model.layers.filter(({ part }) => part === 'head').flatMap((layer) => layer.weights);
  const request = {
    head: head.map(({ name, shape }) => ({ name, shape })),
    epochs: Array.from({ length: EPOCHS }, (_, epoch) => named('train', data.shuffled(epoch + 1))),
    test: named('test', data.test).toSorted(),
  };
  source.close();
  writeFileSync(join(folder, 'request.json'), JSON.stringify(request));
  writeFileSync(
    join(folder, 'head.bin'),
    Buffer.concat(head.map(({ name }) => Buffer.from(weights.get(name)!.buffer))),
  );
};

/** Probabilities of each test image, one after the other. */
const probabilitiesOf = async (run: string, images: string): Promise<readonly number[]> => {
  const all: number[] = [];
  await predictImages({
    folder: run,
    images: [images],
    engines: [onnxEngine],
    device: 'cpu',
    top: Number.POSITIVE_INFINITY,
    onPrediction: ({ top }) => {
      const named = top.toSorted((a, b) => (a.class < b.class ? -1 : 1));
      all.push(...named.map(({ confidence }) => confidence));
    },
    onUnreadable: ({ problem }) => {
      throw new Error(problem);
    },
  });
  return all;
};

/** Trains all runs of the case as `tlp run` does, features cached. `ask`: what Keras needs to do the same is written into the folder. */
export const trainCase = async (each: TransferCase, folder: string, ask = false): Promise<Trained> => {
  const out = mkdtempSync(join(tmpdir(), 'tlp-transfer-'));
  const epochs = new Map<string, Score[]>();
  const listener = (event: RunEvent): void => {
    if (event.type === 'epoch_finished') epochs.set(event.run, [...(epochs.get(event.run) ?? []), event.running]);
  };
  try {
    const results = await trainPlan({
      ...planOf(each, folder),
      version: '0.0.0',
      engines: [onnxEngine],
      device: 'cpu',
      out,
      listeners: [listener],
      signal: new AbortController().signal,
      cache: { root: join(out, 'cache'), limit: 1e9, memory: 1e9 },
    });
    const test = join(folder, 'test');
    const [start, ...trained] = results;
    if (ask) await writeRequest(each, folder, start!.folder);
    const runs: Record<string, TrainedRun> = {};
    for (const { name, folder: run, test: score } of trained) {
      runs[name] = { epochs: epochs.get(name) ?? [], test: score!, probabilities: await probabilitiesOf(run, test) };
    }
    return { start: await probabilitiesOf(start!.folder, test), runs };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};
