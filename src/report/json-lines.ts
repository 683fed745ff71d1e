// Verb: events → JSON lines (`--json`, `events.jsonl`): one event a line, nothing else.
import type { Listener, RunEvent, RunResult, Score } from '../runtime/events.ts';

const score = ({ loss, accuracy }: Score) => ({ loss, accuracy });

/** Exactly the documented keys, in their order, whatever else the object holds. */
const result = (run: RunResult) => ({
  name: run.name,
  status: run.status,
  seconds: run.seconds,
  epochs: run.epochs,
  train: score(run.train),
  validation: run.validation && score(run.validation),
  test: run.test && score(run.test),
  gap: run.gap,
  parameters: { total: run.parameters.total, trainable: run.parameters.trainable },
  frozen: { tensors: run.frozen.tensors, sha256: run.frozen.sha256, unchanged: run.frozen.unchanged },
  folder: run.folder,
  ...(run.reason === undefined ? {} : { reason: run.reason }),
});

const shape = (event: RunEvent): unknown => {
  if (event.type === 'run_finished') return { type: event.type, result: result(event.result) };
  if (event.type === 'finished') return { type: event.type, runs: event.runs.map(result) };
  return event;
};

/**
 * A listener that writes one event a line, each ended by a line feed. NaN and infinite figures (a run that diverged) are
 * written as `null`, since JSON has no word for them.
 */
export const jsonLines =
  (write: (text: string) => void): Listener =>
  (event) =>
    write(`${JSON.stringify(shape(event))}\n`);
