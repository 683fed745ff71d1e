// Noun: the model as Keras/tfjs topology data, plus what can be computed on it without creating a tensor.
import type { classes } from './classes/index.ts';
import type { KerasClass } from './classes/keras-class.ts';
import type { LayerShape, Weight } from './tensors.ts';

export type { Activation } from './classes/keras-class.ts';
export type { LayerShape, Weight } from './tensors.ts';

/** What `tf.models.modelFromJSON` accepts (Keras 2 form, reference: tfjs-layers 4.22). */
export interface Topology {
  readonly class_name: 'Functional';
  readonly keras_version: string;
  readonly backend: string;
  readonly config: {
    readonly name: string;
    readonly layers: readonly TopologyLayer[];
    readonly input_layers: readonly (readonly [string, number, number])[];
    readonly output_layers: readonly (readonly [string, number, number])[];
  };
}

export interface TopologyLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number])[])[];
}

/** The model: its layers in Keras' `model.layers` order. `topologyOf` writes it as Topology. */
export interface LayersModel {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** One layer: an operation with its Keras config, its inputs by name, its shape and its weights. */
export type Layer = LayerCommon & LayerOperation;

interface LayerCommon {
  readonly name: string;
  /** Names of the layers it reads, in order. Empty for the input layer. */
  readonly inputs: readonly string[];
  readonly output_shape: LayerShape;
  readonly part: 'input' | 'backbone' | 'head';
  /** In Keras' order: trainable, then statistics. */
  readonly weights: readonly Weight[];
  /** JSON pointer into the plan of the layer that asked for it (`/runs/0/head/2`). */
  readonly origin: string;
}

type Classes = typeof classes;

export type LayerClass = keyof Classes;

type Settings<C extends LayerClass> = Classes[C] extends KerasClass<infer S> ? S : never;

/** A class with its settings, sizes as [height, width]; a union over the table of classes. */
export type LayerOperation = { [C in LayerClass]: Flat<{ readonly class_name: C } & Settings<C>> }[LayerClass];

/** An intersection as one type; what is optional stays so. */
type Flat<T> = { readonly [F in keyof T]: T[F] };

/** The operation of a class; rule tables map over it. */
export type OperationOf<C extends LayerClass> = Extract<LayerOperation, { readonly class_name: C }>;
