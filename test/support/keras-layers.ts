// Reads the layer lists of Keras Applications in test/support/keras-layers.
import { readFileSync } from 'node:fs';

export interface KerasLayer {
  readonly name: string;
  readonly class_name: string;
  readonly inputs: readonly string[];
  /** `56x56x64`, without the batch axis. */
  readonly shape: string;
  readonly params: number;
  /** `f=64;k=7;s=2` → { f: '64', k: '7', s: '2' }. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The attributes as the list has them. */
  readonly raw: string;
}

/** Layers of the Keras model, in `model.layers` order, bare operations included at their place. */
export function kerasLayers(model: string): readonly KerasLayer[] {
  const text = readFileSync(new URL(`./keras-layers/${model}.tsv`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', class_name = '', inputs = '', shape = '', params = '', attributes = ''] = line.split('\t');
      return {
        name,
        class_name,
        inputs: inputs === '' ? [] : inputs.split(','),
        shape,
        params: Number(params),
        raw: attributes,
        attributes: Object.fromEntries(attributes.split(';').flatMap((pair) => (pair ? [pair.split('=')] : []))),
      };
    });
}

export interface KerasDigest {
  readonly model: string;
  readonly height: number;
  readonly width: number;
  readonly layers: number;
  readonly params: number;
  /** Of the list of layers as digests.py writes it. */
  readonly sha256: string;
}

export function kerasDigests(): readonly KerasDigest[] {
  const text = readFileSync(new URL('./keras-layers/digests.tsv', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [model = '', size = '', layers, params, sha256 = ''] = line.split('\t');
      const [height = 0, width = 0] = size.split('x').map(Number);
      return { model, height, width, layers: Number(layers), params: Number(params), sha256 };
    });
}
