// Verb: epoch events → rows of history.csv (names as in Keras' History where it has one).
import { csvLine } from '../../compiler/leaf/csv.ts';
import type { RunEvent } from '../events.ts';

type EpochFinished = Extract<RunEvent, { type: 'epoch_finished' }>;

/** Columns in order. `loss`, `accuracy`: running means with dropout and augmentation; `probe_*`: without, as `val_*`. */
const columns: Readonly<Record<string, (event: EpochFinished) => string | number | null>> = {
  epoch: (e) => e.epoch,
  stage: (e) => e.stage,
  learning_rate: (e) => e.learning_rate,
  loss: (e) => e.running.loss,
  accuracy: (e) => e.running.accuracy,
  probe_loss: (e) => e.train.loss,
  probe_accuracy: (e) => e.train.accuracy,
  val_loss: (e) => e.validation?.loss ?? null,
  val_accuracy: (e) => e.validation?.accuracy ?? null,
  gap: (e) => e.gap,
  seconds: (e) => e.seconds,
  images_per_second: (e) => e.images_per_second,
  waited: (e) => e.waited,
};

export const historyHeader = csvLine(Object.keys(columns));

/** Empty for what was not measured. */
export const historyRow = (event: EpochFinished): string =>
  csvLine(Object.values(columns).map((of) => of(event) ?? ''));
