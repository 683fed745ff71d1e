// Verb: a preprocess program without random steps → its colour map as numbers.
import { compose } from './compose.ts';
import type { PreprocessProgram } from './preprocess.ts';

/**
 * Source channels (0..255) to output channels (normalized): a row for each output channel, its last entry the constant.
 * Throws where a random step makes the map another one for each image.
 */
export const fixedColour = (program: PreprocessProgram): readonly (readonly number[])[] =>
  compose(program).colour.map((row) =>
    row.map((value) => {
      if (typeof value !== 'number') throw new Error('the colours of this program change from image to image');
      return value;
    }),
  );
