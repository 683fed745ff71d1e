// Verb: a snippet of the documents, and the place its fence names, to a whole file around it.
import { pipeline } from '../../src/compiler/findings/example.ts';

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** What stands in the place of a snippet in a file; `file` is the whole of it. */
const places: Readonly<Record<string, (snippet: string) => string>> = {
  file: (text) => text,
  data: (text) =>
    /^source\b/.test(text)
      ? pipeline({ backbone: 'backbone cnn { conv 8 3x3 relu }' }).replace('source digits', indented(text))
      : pipeline({ source: 'cifar10', data: indented(text) }),
  augment: (text) => pipeline({ source: 'cifar10', augment: indented(text) }),
  backbone: (text) =>
    pipeline({
      source: 'cifar10',
      data: 'size 96x96',
      backbone: `backbone mobilenetv2 { ${text} }`,
      freeze: 'freeze backbone',
      head: 'global_average_pooling',
    }),
  freeze: (text) =>
    pipeline({
      source: 'cifar10',
      data: 'size 96x96',
      backbone: 'backbone mobilenetv2 { weights imagenet }',
      freeze: `freeze backbone { ${text} }`,
      head: 'global_average_pooling',
    }),
  layers: (text) => pipeline({ source: 'cifar10', backbone: `backbone cnn {\n  ${indented(text)}\n}` }),
  head: (text) => pipeline({ head: `flatten\n  ${indented(text)}` }),
  schedule: (text) => pipeline({ validation: 'validation 10% of train', schedule: indented(text) }),
};

export const isPlace = (place: string): boolean => Object.hasOwn(places, place);

export const fileAround = (place: string, snippet: string): string => places[place]!(snippet.trimEnd());
