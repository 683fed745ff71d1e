// Table: the Keras classes that tlp builds.
import { convolutions } from './convolution.ts';
import { merges } from './merge.ts';
import { normalizations } from './normalization.ts';
import { plainClasses } from './plain.ts';
import { poolings } from './pooling.ts';

export const classes = { ...plainClasses, ...convolutions, ...normalizations, ...poolings, ...merges };
