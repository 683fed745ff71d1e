// Verb: tensors under `layer/variable` names, in a file's order → the layers that own them.
import type { LayerGroup, TensorEntry } from './weight-file.ts';

/** A tensor with its whole name. */
export type NamedTensor = Omit<TensorEntry, 'variable'>;

const plain = (name: string): string => name.replace(/:\d+$/, '');

/** `layer/kernel:0` → [`layer`, `kernel`]; a dot parts where there is no slash. */
export const splitName = (name: string): readonly [layer: string, variable: string] => {
  const whole = plain(name);
  const cut = whole.includes('/') ? whole.lastIndexOf('/') : whole.lastIndexOf('.');
  return [whole.slice(0, Math.max(0, cut)), whole.slice(cut + 1)];
};

/** Layers in the order in which the first tensor of each comes. */
export const groupTensors = (tensors: readonly NamedTensor[], scope = ''): readonly LayerGroup[] => {
  const layers = new Map<string, TensorEntry[]>();
  for (const tensor of tensors) {
    const [layer, variable] = splitName(tensor.path);
    const entry = { ...tensor, variable };
    const found = layers.get(layer);
    if (found) found.push(entry);
    else layers.set(layer, [entry]);
  }
  return [...layers].map(([name, entries]) => ({ name, scope, class_name: null, path: name, tensors: entries }));
};
