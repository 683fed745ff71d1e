// Verb: a run folder and images → the most likely classes of each image.
import { listImages } from '../runtime/data/files/list-images.ts';
import { type Prediction, topClasses, type Unreadable } from '../runtime/prediction.ts';
import { fileBatches } from './file-batches.ts';
import { type ModelRequest, openModel } from './open-model.ts';

export interface PredictRequest extends ModelRequest {
  /** Image files, and folders of them. */
  readonly images: readonly string[];
  /** Classes of each image; at most all. */
  readonly top: number;
  /** Images at once; default: as the run was trained. */
  readonly batch?: number | undefined;
  /** Aborted: it ends after the batch under way. */
  readonly signal?: AbortSignal;
  /** Told once, before the first image: all images, and the run's classes. */
  readonly onBegin?: (images: readonly string[], classes: readonly string[]) => void;
  /** Told in the order of the images, a batch at a time. */
  readonly onPrediction: (prediction: Prediction) => void;
  readonly onUnreadable: (image: Unreadable) => void;
}

/** Images that could be predicted, and that could not. Throws RunFolderError, DataError, EngineError or SessionError. */
export interface Predicted {
  readonly predicted: number;
  readonly unreadable: number;
}

/** An image that cannot be read does not keep the others from being predicted. */
export const predictImages = async (request: PredictRequest): Promise<Predicted> => {
  const images = listImages(request.images);
  const model = await openModel(request);
  const { classes } = model.contents.metadata;
  let unreadable = 0;
  try {
    request.onBegin?.(images, classes);
    const files = images.map((path) => ({ path, label: null }));
    const size = request.batch ?? model.stage.plan.batch;
    const nextBatch = fileBatches(model, files, size, (image) => {
      unreadable += 1;
      request.onUnreadable(image);
    });
    for (let batch = await nextBatch(); batch !== null && request.signal?.aborted !== true; ) {
      const answer = model.session.predict(batch.batch);
      // The next batch is read while the engine computes; a fault of the engine waits until then.
      answer.catch(() => {});
      const after = await nextBatch();
      const probabilities = await answer;
      for (const [i, { path }] of batch.files.entries()) {
        const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
        request.onPrediction({ image: path, top: topClasses(own, classes, request.top) });
      }
      batch = after;
    }
    return { predicted: images.length - unreadable, unreadable };
  } finally {
    await model.session.close();
  }
};
