// Verb: epoch events → rows of history.csv (names as in Keras' History where it has one).
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

/** A CSV field (RFC 4180): empty for what was not measured. */
const field = (value: string | number | null): string => {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const historyHeader = `${Object.keys(columns).join(',')}\n`;

export const historyRow = (event: EpochFinished): string =>
  `${Object.values(columns)
    .map((of) => field(of(event)))
    .join(',')}\n`;
