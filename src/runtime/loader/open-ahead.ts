// Verb: a way to open loaders → the same, with the first one on its way before anybody asks: its worker opens the data meanwhile.
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import type { Loader } from './loader.ts';

export type OpenLoader = (masks: readonly MaskInput[]) => Promise<Loader>;

export interface Ahead {
  /** The one that was opened ahead where it is of these masks and nobody has it yet; else a new one. */
  readonly open: OpenLoader;
  /** Closes the one that was opened ahead where nobody has taken it. */
  close(): Promise<void>;
}

export const openAhead = (open: OpenLoader, masks: readonly MaskInput[]): Ahead => {
  const key = JSON.stringify(masks);
  let waiting: Promise<Loader> | null = open(masks);
  // its fault is thrown where it is asked for
  waiting.catch(() => {});
  const take = (): Promise<Loader> | null => {
    const taken = waiting;
    waiting = null;
    return taken;
  };
  return {
    open: (asked) => (JSON.stringify(asked) === key ? take() : null) ?? open(asked),
    close: async () => {
      await take()?.then(
        (loader) => loader.close(),
        () => {},
      );
    },
  };
};
