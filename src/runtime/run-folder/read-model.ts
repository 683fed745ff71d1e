// Verb: model/model.json and model/weights.bin of a run folder → topology, metadata, and weights by name.
import { createHash } from 'node:crypto';
import type { Topology } from '../../compiler/layers/layers.ts';
import type { ImageShape, NormalizePlan } from '../../compiler/plan/plan.ts';
import type { Weights } from '../engine/engine.ts';
import { isList, isNumber, isRecord, isSize, isText } from './guards.ts';
import type { ModelMetadata } from './model-metadata.ts';
import { damaged, readBytes, readJson } from './read-file.ts';

export interface StoredModel {
  readonly topology: Topology;
  readonly metadata: ModelMetadata;
  /** By Keras name, in Keras' layout. */
  readonly weights: Weights;
}

interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

const modelFile = 'model/model.json';
const weightsFile = 'model/weights.bin';

const isImage = (value: unknown): value is ImageShape =>
  isRecord(value) && isSize(value.height) && isSize(value.width) && (value.channels === 1 || value.channels === 3);

const isNormalize = (value: unknown): value is NormalizePlan =>
  isRecord(value) &&
  isText(value.kind) &&
  (value.order === 'rgb' || value.order === 'bgr') &&
  isList(value.scale, isNumber) &&
  isList(value.offset, isNumber);

const isResize = (value: unknown): value is ModelMetadata['resize'] =>
  isRecord(value) &&
  (value.interpolation === 'nearest' || value.interpolation === 'bilinear') &&
  typeof value.antialias === 'boolean';

const isManifestWeight = (value: unknown): value is ManifestWeight =>
  isRecord(value) && isText(value.name) && value.dtype === 'float32' && isList(value.shape, isSize);

const isTopology = (value: unknown): value is Topology =>
  isRecord(value) && value.class_name === 'Functional' && isRecord(value.config) && Array.isArray(value.config.layers);

const metadataOf = (value: unknown): ModelMetadata | null => {
  if (!isRecord(value)) return null;
  const { classes, image, source_image, resize, normalize } = value;
  if (!isList(classes, isText) || !isImage(image) || !isImage(source_image)) return null;
  return isResize(resize) && isNormalize(normalize) ? { classes, image, source_image, resize, normalize } : null;
};

interface ModelJson {
  readonly topology: Topology;
  readonly metadata: ModelMetadata;
  readonly manifest: readonly ManifestWeight[];
  /** Of weights.bin. */
  readonly sha256: string;
}

const readModelJson = async (folder: string): Promise<ModelJson> => {
  const json = await readJson(folder, modelFile);
  if (!isRecord(json) || json.format !== 'layers-model')
    throw damaged(folder, modelFile, 'is no model in layers format');
  if (!isTopology(json.modelTopology)) throw damaged(folder, modelFile, 'is damaged: its topology is no network');
  const [group, ...others] = isList(json.weightsManifest, isRecord) ? json.weightsManifest : [];
  if (group === undefined || others.length > 0 || !isList(group.weights, isManifestWeight)) {
    throw damaged(folder, modelFile, 'is damaged: its list of weights is not one of float32 in weights.bin');
  }
  const own = isRecord(json.userDefinedMetadata) ? json.userDefinedMetadata.tlp : undefined;
  const metadata = metadataOf(own);
  if (metadata === null || !isRecord(own) || !isText(own.weights_sha256)) {
    const problem = 'does not say how images are prepared: it is damaged, or of another version of tlp';
    throw damaged(folder, modelFile, problem);
  }
  return { topology: json.modelTopology, metadata, manifest: group.weights, sha256: own.weights_sha256 };
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Throws RunFolderError where a file is missing or damaged, or the two do not belong together. */
export const readModel = async (folder: string): Promise<StoredModel> => {
  const { topology, metadata, manifest, sha256 } = await readModelJson(folder);
  const bytes = await readBytes(folder, weightsFile);
  const wanted = 4 * manifest.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (bytes.length !== wanted) {
    throw damaged(folder, weightsFile, `has ${bytes.length} bytes, and the weights of model.json are ${wanted}`);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw damaged(folder, weightsFile, 'is damaged: its bytes are not those that the run wrote');
  }
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const weights = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape } of manifest) {
    weights.set(name, values.slice(offset, offset + sizeOf(shape)));
    offset += sizeOf(shape);
  }
  return { topology, metadata, weights };
};
