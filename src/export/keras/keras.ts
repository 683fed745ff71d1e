// Verb: a finished run → a folder for Keras 3: model.py, which rebuilds and prepares, and model.weights.h5.
import { writeKerasWeights } from '../../runtime/weights/h5/write-h5.ts';
import type { Exported, ExportRequest } from '../exported.ts';
import { modelScript } from './model-script.ts';

export const toKeras = async (request: ExportRequest): Promise<Exported> => ({
  kind: 'folder',
  files: new Map<string, string | Uint8Array>([
    ['model.py', modelScript(request)],
    ['model.weights.h5', await writeKerasWeights(request.model, request.weights)],
  ]),
});
