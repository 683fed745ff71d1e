// Verb: a compiled run → the weights it starts with: fresh and seeded, from a file, or those with which an earlier run ended.
import type { LayersModel } from '../compiler/layers/layers.ts';
import type { RunPlan } from '../compiler/plan/plan.ts';
import { sayProgress } from '../runtime/download/say-progress.ts';
import type { Weights } from '../runtime/engine/engine.ts';
import type { Listener } from '../runtime/events.ts';
import { initialWeights } from '../runtime/init-weights.ts';
import { ensureKerasWeights } from '../runtime/weights/keras-weights.ts';
import { loadWeights, sayMismatch } from '../runtime/weights/load-weights.ts';
import { kindNames } from '../runtime/weights/weight-file.ts';
import { SessionError } from './session-error.ts';

export interface StartRequest {
  readonly run: RunPlan;
  readonly model: LayersModel;
  /** Final weights of the runs before, by name. */
  readonly finished: ReadonlyMap<string, Weights>;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/** Weights by name; what nothing else gives is drawn. Throws SessionError, DownloadError, or the signal's reason. */
export const startWeights = async (request: StartRequest): Promise<Weights> => {
  const { run, model, finished } = request;
  const continued = run.continues === null ? undefined : finished.get(run.continues);
  const known = continued ?? (await backboneWeights(request));
  return initialWeights(model, run.seed, known);
};

const backboneWeights = async (request: StartRequest): Promise<Weights> => {
  const { run, model, finished } = request;
  const { backbone } = run;
  const { weights } = backbone;
  switch (weights.kind) {
    case 'none':
      return new Map();
    case 'run':
      return ofBackbone(model, finished.get(weights.name) ?? new Map());
    case 'imagenet':
      return backbone.kind === 'known' ? fromFile(request, await fetched(request, backbone.name), false) : new Map();
    case 'file':
      return fromFile(request, weights.path, weights.skip_mismatch);
  }
};

/** Those of the backbone's layers: the head is another one. */
const ofBackbone = (model: LayersModel, from: Weights): Weights => {
  const layers = model.layers.filter(({ part }) => part === 'backbone');
  return new Map(
    layers.flatMap((layer) =>
      layer.weights.flatMap(({ name }) => {
        const values = from.get(name);
        return values === undefined ? [] : [[name, values] as const];
      }),
    ),
  );
};

const fetched = ({ run, listener, signal }: StartRequest, name: Parameters<typeof ensureKerasWeights>[0]) => {
  listener({ type: 'preparing', run: run.name, what: `looking for the ImageNet weights of ${name}` });
  return ensureKerasWeights(name, {
    signal,
    onProgress: sayProgress(run.name, listener, () => performance.now()),
  });
};

/** Weights that a warning names one by one. */
const SHOWN = 10;

const fromFile = async (
  { run, model, listener, signal }: StartRequest,
  path: string,
  skipMismatch: boolean,
): Promise<Weights> => {
  listener({ type: 'preparing', run: run.name, what: `reading weights from ${path}` });
  const loaded = await loadWeights(model, path, { part: 'backbone', skipMismatch }, signal);
  if (loaded.kind === 'refused') {
    throw new SessionError(loaded.message, 'request', loaded.details);
  }
  if (loaded.skipped.length > 0) {
    const named = loaded.skipped.slice(0, SHOWN).map(sayMismatch);
    const rest = loaded.skipped.length > SHOWN ? [`and ${loaded.skipped.length - SHOWN} more`] : [];
    listener({
      type: 'warning',
      message: `${loaded.skipped.length} weights of ${model.name} start fresh, ${path} (${kindNames[loaded.file]}) does not fit them: ${[...named, ...rest].join('; ')}.`,
    });
  }
  return loaded.weights;
};
