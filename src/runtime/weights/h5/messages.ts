// Noun: what the worker that reads H5 files is told and tells.
import type { Catalogue } from '../weight-file.ts';

/** The H5 file is these bytes of the open file `fd`. */
export interface H5Source {
  readonly fd: number;
  readonly from: number;
  readonly size: number;
}

/** Read these tensors, one answer each, in order. */
export interface ToH5Worker {
  readonly ids: readonly number[];
}

export type FromH5Worker =
  | { readonly type: 'catalogue'; readonly catalogue: Catalogue }
  | { readonly type: 'tensor'; readonly values: Float32Array<ArrayBuffer> }
  /** The message goes on from `the file …`. */
  | { readonly type: 'refused'; readonly message: string };
