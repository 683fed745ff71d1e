// Verb: a finished run → a folder for Keras 3: model.py, which rebuilds and prepares, and model.weights.h5.
import { writeKerasWeights } from '../../runtime/weights/h5/write-h5.ts';
import type { Exported, ExportRequest } from '../exported.ts';
import { layerGaps } from './layer-calls.ts';
import { modelScript } from './model-script.ts';
import { trainGaps } from './train-gaps.ts';
import { trainScript } from './train-script.ts';

/** With `train`, train.py beside them. Refused where Keras has no word for something of the training. */
export const toKeras = async (request: ExportRequest): Promise<Exported> => {
  const reasons = [...layerGaps(request.model), ...(request.train ? trainGaps(request) : [])];
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const files = new Map<string, string | Uint8Array>([
    ['model.py', modelScript(request)],
    ['model.weights.h5', await writeKerasWeights(request.model, request.weights)],
  ]);
  if (request.train) files.set('train.py', trainScript(request));
  return { kind: 'folder', files };
};
