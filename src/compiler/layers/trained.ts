// Noun: what a stage trains, resolved to weights.

/** Weights are named as in the layers. What is in neither set stays the same bytes. */
export interface Trained {
  /** Get a gradient and an optimizer update. */
  readonly trainable: ReadonlySet<string>;
  /** Batch-norm statistics that move with the batches. */
  readonly moving: ReadonlySet<string>;
}
