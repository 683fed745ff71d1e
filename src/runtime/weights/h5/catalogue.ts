// Verb: an open H5 file → its layers, in both layouts of Keras (named groups with lists of names; numbered `vars`).
import type { Attribute, Dataset, Entity, Group } from 'h5wasm';
import { groupTensors, type NamedTensor } from '../group-tensors.ts';
import { layersOfConfig, sortByConfig } from '../keras-config.ts';
import { type Catalogue, countOf, type LayerGroup, type TensorEntry, WeightFileError } from '../weight-file.ts';

export interface H5Catalogue {
  readonly catalogue: Catalogue;
  /** Where each tensor is, by its number. */
  readonly datasets: readonly string[];
}

/** Groups inside groups deeper than this, or more groups or tensors than that, are no model of Keras: links may go in circles. */
const deepest = 32;
const mostGroups = 20_000;
const mostTensors = 50_000;

/** A compressed tensor is at most so many times its bytes in the file (deflate's own bound). */
const mostInflated = 1032;

const isGroup = (entity: Entity | null): entity is Group => entity !== null && 'keys' in entity;
const isDataset = (entity: Entity | null): entity is Dataset => entity !== null && 'slice' in entity;

/** The datasets found so far; a number each. */
const collector = (size: number) => {
  const datasets: string[] = [];
  /** Adds a tensor; its declared size must fit the file. */
  const add = (entity: Entity | null, path: string): NamedTensor => {
    if (!isDataset(entity)) throw new WeightFileError(`is damaged: it has no tensor ${path}`);
    if (datasets.length >= mostTensors) throw new WeightFileError(`has more than ${mostTensors} tensors`);
    const { metadata } = entity;
    const shape = metadata.shape ?? [];
    if (metadata.virtual_sources) throw new WeightFileError(`has ${path} in another file, which tlp does not follow`);
    if (metadata.type > 1 || !metadata.littleEndian)
      throw new WeightFileError(`has ${path} in a type tlp does not read`);
    if (countOf(shape) * metadata.size > size * (metadata.chunks ? mostInflated : 1)) {
      throw new WeightFileError(`is damaged: ${path} is said to be larger than the file`);
    }
    datasets.push(entity.path);
    return { id: datasets.length - 1, path, shape };
  };
  return { datasets, add };
};

type Add = ReturnType<typeof collector>['add'];

/** Texts of an attribute; Keras parts long lists into `name0`, `name1`, … */
const texts = (group: Group, name: string, size: number): readonly string[] | null => {
  const { attrs } = group;
  const one = (attribute: Attribute): readonly string[] => {
    const { size: width, total_size } = attribute.metadata;
    if (width * total_size > size) throw new WeightFileError(`is damaged: ${name} is said to be larger than the file`);
    const { value } = attribute;
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  };
  if (attrs[name]) return one(attrs[name]);
  const parts: string[] = [];
  let part = 0;
  for (; attrs[`${name}${part}`]; part += 1) parts.push(...one(attrs[`${name}${part}`]!));
  return part === 0 ? null : parts;
};

/** One layer of a model, or a model inside the model, whose layers are then told apart by their names. */
const topologicalLayer = (group: Group, name: string, add: Add, size: number): readonly LayerGroup[] => {
  const weights = texts(group, 'weight_names', size) ?? [];
  if (weights.length === 0) return [];
  const tensors = weights.map((weight) => add(group.get(weight), weight));
  const inside = groupTensors(tensors, name);
  if (inside.length > 1) return inside;
  return inside.map((only) => ({ ...only, name, scope: '', path: name }));
};

const readConfig = (root: Group, size: number): unknown => {
  const [text = ''] = texts(root, 'model_config', size) ?? [];
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const topological = (root: Group, model: Group, names: readonly string[], size: number): H5Catalogue => {
  const { datasets, add } = collector(size);
  const groups = names.flatMap((name) => {
    const group = model.get(name);
    if (!isGroup(group)) throw new WeightFileError(`is damaged: it has no layer ${name}`);
    return topologicalLayer(group, name, add, size);
  });
  const sorted = sortByConfig(groups, layersOfConfig(readConfig(root, size)));
  return { catalogue: { kind: 'keras-h5', order: 'layers', shaped: true, groups: sorted }, datasets };
};

/** `conv2d_10` → [`conv2d`, 10]. */
const numbered = (name: string): readonly [stem: string, number: number] => {
  const match = /^(.*?)_(\d+)$/.exec(name);
  return match ? [match[1]!, Number(match[2])] : [name, 0];
};

const byNumber = (a: string, b: string): number => {
  const [stem, number] = numbered(a);
  const [other, second] = numbered(b);
  return stem === other ? number - second : stem < other ? -1 : 1;
};

/** Not weights of layers: what the optimizer and the metrics keep, and the seeds of dropout. */
const others = new Set(['optimizer', '_optimizer', 'metrics', '_metrics', 'seed_generator']);

const numberedLayer = (vars: Group, path: string, add: Add, size: number): readonly LayerGroup[] => {
  const names = vars.keys().sort((a, b) => Number(a) - Number(b));
  if (names.length === 0) return [];
  const tensors = names.map((name): TensorEntry => ({ ...add(vars.get(name), `${path}/${name}`), variable: name }));
  const parts = path.split('/');
  const [class_name] = numbered(parts.at(-1) ?? '');
  const [name = ''] = texts(vars, 'name', size) ?? [];
  return [{ name, scope: parts.slice(0, -2).join('/'), class_name, path, tensors }];
};

/** All groups that have `vars`, class by class, each class by number. */
const numberedLayers = (root: Group, add: Add, size: number): readonly LayerGroup[] => {
  let visited = 0;
  const walk = (group: Group, path: string, depth: number): readonly LayerGroup[] => {
    visited += 1;
    if (depth > deepest || visited > mostGroups) throw new WeightFileError('is damaged: its groups do not end');
    const keys = group.keys().filter((key) => !others.has(numbered(key)[0]));
    return keys.sort(byNumber).flatMap((key) => {
      const child = group.get(key);
      if (!isGroup(child)) return [];
      if (key === 'vars') return numberedLayer(child, path, add, size);
      return walk(child, path === '' ? key : `${path}/${key}`, depth + 1);
    });
  };
  return walk(root, '', 0);
};

/** `size`: bytes of the file. Throws WeightFileError, and what h5wasm throws for a damaged file. */
export const readCatalogue = (root: Group, size: number): H5Catalogue => {
  const keys = root.keys();
  const model = keys.includes('model_weights') ? root.get('model_weights') : null;
  for (const group of [root, model]) {
    const names = isGroup(group) ? texts(group, 'layer_names', size) : null;
    if (isGroup(group) && names) return topological(root, group, names, size);
  }
  const { datasets, add } = collector(size);
  const groups = numberedLayers(root, add, size);
  if (groups.length === 0) throw new WeightFileError('is an HDF5 file, but holds no weights of Keras');
  return { catalogue: { kind: 'keras-weights', order: 'classes', shaped: true, groups }, datasets };
};
