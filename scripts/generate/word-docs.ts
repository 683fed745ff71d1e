// Verb: a word of the vocabulary to its part of the reference: what it is, how it is written, its parameters, an example.
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { normalizations, sources } from '../../src/compiler/vocabulary/data.ts';
import { describeType, showValue } from '../../src/compiler/vocabulary/describe.ts';
import { activations, initializers, regularizers } from '../../src/compiler/vocabulary/layers.ts';
import { learningRates, optimizers } from '../../src/compiler/vocabulary/schedule.ts';
import type { Json, Param, ValueType, Word } from '../../src/compiler/vocabulary/word.ts';

/** Tables that have a section of their own: the page names it where a value is one of their words. */
const sections = new Map<object, string>([
  [activations, '[activation](#activations)'],
  [initializers, '[initializer](#initializers)'],
  [regularizers, '[regularizer](#regularizers)'],
  [optimizers, '[optimizer](#optimizers)'],
  [learningRates, '[learning rate schedule](#learning-rate-schedules)'],
  [sources, '[source](#sources)'],
  [normalizations, '[normalization](#normalizations)'],
  [backbones, '[backbone](#backbones)'],
]);

export const fence = (place: string, text: string): string => `\`\`\`tlp ${place}\n${text}\n\`\`\`\n`;

/** A text that stands in a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Rows below a head, as a Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |\n`).join('');

/** What a value may be, with the meaning of each word. */
export const takes = (type: ValueType): string => {
  switch (type.kind) {
    case 'choice':
    case 'call': {
      const section = sections.get(type.words);
      if (section !== undefined) return `an ${section}`.replace(/^an (?=\[[^aeio])/, 'a ');
      return Object.entries(type.words)
        .map(([word, doc]) => `\`${word}\` (${lower(typeof doc === 'string' ? doc : doc.doc)})`)
        .join(', ');
    }
    case 'optional':
      return `${takes(type.type)}, or \`none\``;
    case 'either':
      return type.types.map(takes).join(', or ');
    case 'limits':
      return `${describeType(type)}, within ${showValue(type, [type.min, type.max])}`;
    default:
      return describeType(type);
  }
};

/** A line as part of a sentence: no full stop, and no capital where the word is not a name. */
const lower = (doc: string): string => {
  const bare = doc.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(bare) && !/^(Adam|Gaussian|ImageNet)/.test(bare)
    ? bare[0]!.toLowerCase() + bare.slice(1)
    : bare;
};

const standard = (param: Param): string => {
  switch (param.default.kind) {
    case 'required':
      return 'must be written';
    case 'derived':
      return param.default.words;
    case 'value':
      return `\`${showValue(param.type, param.default.value as Json)}\``;
  }
};

/** `conv FILTERS KERNEL [PADDING] [ACTIVATION]`: what may be written without its name. */
const plainForm = (name: string, word: Word): string => {
  const slots = word.positional.map((slot) => {
    const key = typeof slot === 'string' ? slot : slot.join(' and ');
    const needed = typeof slot === 'string' && word.params[slot]?.default.kind === 'required';
    return needed ? `*${key}*` : `[*${key}*]`;
  });
  return [`\`${name}\``, ...slots].join(' ');
};

export interface WordDocs {
  readonly name: string;
  readonly word: Word;
  /** The example and the place that its fence names. */
  readonly example: string;
  readonly place: string;
  /** Value when the word is not written; undefined: it has none. */
  readonly initial?: Json | undefined;
}

export const wordDocs = ({ name, word, example, place, initial }: WordDocs): string => {
  const { value, ...others } = word.params;
  const keys = Object.entries(others);
  const parts = [`#### ${name}\n\n${word.doc}\n\n`];
  if (value !== undefined && keys.length === 0) {
    const otherwise =
      initial === undefined || initial === null ? '' : ` Without it: \`${showValue(value.type, initial)}\`.`;
    parts.push(`Written \`${name} VALUE\`. It takes ${takes(value.type)}.${otherwise}\n\n`);
  }
  if (keys.length > 0) {
    const plain =
      word.positional.length === 0
        ? ''
        : `Written ${plainForm(name, word)}, or with names in parentheses: \`name: value\`.\n\n`;
    const rows = keys.map(([key, param]) => [`\`${key}\``, takes(param.type), standard(param), param.doc]);
    parts.push(word.needsOne === true ? `${plain.trimEnd()} At least one parameter must be written.\n\n` : plain);
    parts.push(table(['parameter', 'takes', 'default', ''], rows), '\n');
  }
  if (word.block === 'layers') parts.push('Its block holds layers.\n\n');
  if (word.block === 'branches')
    parts.push('Its block holds branches: `{ layers }` each, `{}` for the layer before itself.\n\n');
  return `${parts.join('')}${fence(place, example)}\n`;
};
