// Verb: a model's configuration, as Keras 2, Keras 3 or tfjs write it → its layers in order, models inside it too.
import { snakeCase } from '../../compiler/layers/auto-name.ts';
import type { LayerGroup } from './weight-file.ts';

export interface ConfigLayer {
  readonly name: string;
  /** Names of the models around it, joined by `/`; empty outermost. */
  readonly scope: string;
  /** Where Keras 3 puts its weights: `layers/functional/layers/conv2d_1`. */
  readonly place: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Models inside models deeper than this are not looked into. */
const deepest = 16;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list of layers in a model's `config`; older Sequential models have the list itself there. */
const listOf = (model: Json): readonly Json[] => {
  const { config } = model;
  const list = isObject(config) ? config.layers : config;
  return Array.isArray(list) ? list.filter(isObject) : [];
};

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

const layersIn = (model: Json, scope: string, place: string, depth: number): readonly ConfigLayer[] => {
  const counts = new Map<string, number>();
  return listOf(model).flatMap((layer) => {
    const stem = snakeCase(typeof layer.class_name === 'string' ? layer.class_name : '');
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    const own = isObject(layer.config) && typeof layer.config.name === 'string' ? layer.config.name : layer.name;
    const name = typeof own === 'string' ? own : '';
    const at = joined(place, 'layers', count === 0 ? stem : `${stem}_${count}`);
    const inside = depth < deepest ? layersIn(layer, joined(scope, name), at, depth + 1) : [];
    return [{ name, scope, place: at }, ...inside];
  });
};

/** Empty for what is not a model of layers. */
export const layersOfConfig = (config: unknown): readonly ConfigLayer[] =>
  isObject(config) ? layersIn(isObject(config.model_config) ? config.model_config : config, '', '', 0) : [];

/** The groups in the order of the configuration, or as they came where it does not name each of them exactly once. */
export const sortByConfig = (groups: readonly LayerGroup[], layers: readonly ConfigLayer[]): readonly LayerGroup[] => {
  const positions = new Map<string, number>();
  for (const [index, { name }] of layers.entries()) positions.set(name, positions.has(name) ? Number.NaN : index);
  const placed = groups.map((group) => ({ group, at: positions.get(group.name) ?? Number.NaN }));
  if (placed.some(({ at }) => Number.isNaN(at))) return groups;
  return placed.sort((a, b) => a.at - b.at).map(({ group }) => group);
};
