// Verb: the source of a fused kernel to the function it stands for.

/**
 * Reads one image (row-major, channels last, 0..255) and writes it into the batch from `into[offset]` on.
 * `draw` gives uniform numbers in [0, 1). A kernel holds scratch tables: one caller at a time.
 */
export type Kernel = (pixels: Uint8Array, into: Float32Array, offset: number, draw: () => number) => void;

/** `source` comes from `emitKernel` only: numbers of a checked plan, never text of a user. */
export const compileKernel = (source: string): Kernel => new Function(`'use strict';\n${source}`)() as Kernel;
