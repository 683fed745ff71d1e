// Verb: the known word that a person most likely meant.
import { editDistance } from './edit-distance.ts';

/** Names of other tools for the same thing. */
const aliases: Readonly<Record<string, string>> = {
  conv2d: 'conv',
  convolution: 'conv',
  convolution2d: 'conv',
  depthwiseconv2d: 'depthwise_conv',
  separableconv2d: 'separable_conv',
  linear: 'dense',
  fc: 'dense',
  fully_connected: 'dense',
  batchnorm: 'batch_normalization',
  batch_norm: 'batch_normalization',
  bn: 'batch_normalization',
  batchnormalization: 'batch_normalization',
  layernorm: 'layer_normalization',
  layer_norm: 'layer_normalization',
  layernormalization: 'layer_normalization',
  maxpooling2d: 'max_pool',
  max_pooling: 'max_pool',
  maxpool: 'max_pool',
  averagepooling2d: 'average_pool',
  avg_pool: 'average_pool',
  avgpool: 'average_pool',
  gap: 'global_average_pooling',
  global_average_pool: 'global_average_pooling',
  globalaveragepooling2d: 'global_average_pooling',
  globalmaxpooling2d: 'global_max_pooling',
  zeropadding2d: 'zero_padding',
  swish: 'silu',
  hard_swish: 'hard_silu',
  batch_size: 'batch',
  learning_rate: 'lr',
  lr: 'learning_rate',
  rotation: 'rotate',
  image_size: 'size',
  input_shape: 'size',
  dataset: 'source',
  horizontal_flip: 'flip',
  model: 'backbone',
  classifier: 'head',
  augmentation: 'augment',
  training: 'schedule',
  train: 'schedule',
  rescale: 'normalize',
  preprocess: 'normalize',
  units: 'units',
};

/** Words that are compared; no table has more, and a file of more names is better searched by its writer. */
const MOST_WORDS = 200;

/** The nearest of the words, null where none is near: at most one slip in three letters. */
export const nearest = (wanted: string, words: Iterable<string>): string | null => {
  if (wanted.length > 64) return null;
  const known = [...words].slice(0, MOST_WORDS);
  const lower = wanted.toLowerCase().replaceAll('-', '_');
  const bare = lower.replaceAll('_', '');
  const alias = aliases[lower];
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const word of known) {
    const low = word.toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(lower.length, low.length) / 3));
    if (low === lower || (low.length >= bare.length && low.replaceAll('_', '') === bare)) return word;
    if (Math.abs(low.length - lower.length) > allowed || isAnother(lower, low)) continue;
    const distance = editDistance(lower, low);
    if (distance <= allowed && distance < bestDistance && distance < low.length) {
      best = word;
      bestDistance = distance;
    }
  }
  if (alias !== undefined && known.includes(alias) && bestDistance > 1) return alias;
  return best;
};

const digitsOf = (word: string): string => word.replace(/\D/g, '');

/**
 * Whether a word is no slip of the other: `resnet34` is another network than `resnet50`, `unfreeze` the opposite of `freeze`. A slip
 * leaves the digits alone or misses one, and seldom changes the first letter.
 */
const isAnother = (wanted: string, word: string): boolean => {
  const [mine, its] = [digitsOf(wanted), digitsOf(word)];
  if (mine !== its && (mine.length === its.length || editDistance(mine, its) > 1)) return true;
  return wanted[0] !== word[0] && editDistance(wanted, word) > 1;
};

/** `Did you mean \`x\`?`, or the words to choose from. */
export const suggestion = (wanted: string, words: readonly string[], what: string): string => {
  const near = nearest(wanted, words);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (words.length === 0) return `There are no ${what} here.`;
  return `Known ${what}: ${wordList(words, 24)}.`;
};

/** `a`, `b` and `c`. */
export const wordList = (words: readonly string[], most = 12): string => {
  const shown = words.slice(0, most).map((word) => `\`${word}\``);
  if (words.length > most) return `${shown.join(', ')} and ${words.length - most} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};
