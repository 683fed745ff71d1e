// Table: the parts of the sentence of `freeze`, in the plan's form.
import { callOf, choice, integer, optional, required, text, type Words } from './word.ts';

/** Batch norm of layers that are not frozen. */
export const batchNormModes = {
  train: 'as Keras does',
  adapt: 'moves statistics only',
  inference: 'keeps statistics',
};

/** The layers of a frozen backbone that train all the same. */
const exceptions = {
  last: { doc: 'So many at its end.', positional: [], params: { count: required(integer({ min: 0 }), 'How many.') } },
  pattern: {
    doc: 'Those whose names match.',
    positional: [],
    params: { pattern: required(text('name'), 'A name, `*` for any letters.') },
  },
  from: {
    doc: 'One layer and all behind it.',
    positional: [],
    params: { layer: required(text('name'), 'Its name.') },
  },
} satisfies Words;

export const freezing = {
  kind: required(
    choice({
      none: 'all layers train',
      all: 'backbone and head are frozen',
      backbone: 'the backbone is frozen but for `except`',
      first: 'the first `count` layers of the backbone are frozen',
    }),
    'What is frozen.',
  ),
  count: required(optional(integer({ min: 0 })), 'How many, for `first`.'),
  except: required(optional(callOf(exceptions)), 'What of the backbone is not frozen.'),
  batch_norm: required(choice(batchNormModes), 'Batch norm of layers that are not frozen.'),
};
