// Print: the documentation of a word, as lines for a terminal and as Markdown for the reference and editors.
import { describeType, showValue } from './describe.ts';
import type { ValueType, Word } from './word.ts';
import { type ChoiceDoc, choicesOf, type ParamDoc, type WordDoc, wordDoc } from './word-doc.ts';

/** `adam`, its line of documentation, its parameters, the words that its value may be; each level four columns further in. */
export const wordText = (name: string, word: Word, indent = '  '): string => {
  const { doc, value, params } = wordDoc(name, word);
  const inner = `${indent}    `;
  const width = Math.max(0, ...params.map((param) => param.name.length));
  const rows = params.map(
    (param) => `${inner}${param.name.padEnd(width)}  ${param.takes} (${param.default}). ${param.doc}\n`,
  );
  const takes = value === null ? '' : `: ${value.takes}`;
  const choices = value === null ? [] : choicesOf(value.type).map((choice) => choiceText(choice, inner));
  return `${indent}${name}${takes}\n${inner}${doc}\n${rows.join('')}${choices.join('')}`;
};

const choiceText = ({ name, doc, word }: ChoiceDoc, indent: string): string =>
  word === null ? `${indent}${name}: ${doc}\n` : wordText(name, word, indent);

/** Tables of words that a page has a section for, and the link to it: named where a value is one of their words. */
export type Links = ReadonlyMap<object, string>;

/** A word below its heading: documentation, form, parameters; the example in a fence that names its place. */
export const wordMarkdown = (doc: WordDoc, place: string, links: Links = new Map()): string => {
  const parts = [`#### ${doc.name}\n\n${doc.doc}\n\n`];
  if (doc.value !== null && doc.params.length === 0) {
    const otherwise = doc.initial === null ? '' : ` Without it: \`${doc.initial}\`.`;
    parts.push(`Written \`${doc.name} VALUE\`. It takes ${takesMarkdown(doc.value.type, links)}.${otherwise}\n\n`);
  }
  if (doc.params.length > 0) {
    const written =
      doc.plain.length === 0 ? '' : `Written ${plainForm(doc)}, or with names in parentheses: \`name: value\`.\n\n`;
    parts.push(doc.needsOne ? `${written.trimEnd()} At least one parameter must be written.\n\n` : written);
    parts.push(
      markdownTable(
        ['parameter', 'takes', 'default', ''],
        doc.params.map((param) => row(param, links)),
      ),
      '\n',
    );
  }
  if (doc.block === 'layers') parts.push('Its block holds layers.\n\n');
  if (doc.block === 'branches') {
    parts.push('Its block holds branches: `{ layers }` each, `{}` for the layer before itself.\n\n');
  }
  return `${parts.join('')}${fence(place, doc.example)}\n`;
};

const row = (param: ParamDoc, links: Links): readonly string[] => [
  `\`${param.name}\``,
  takesMarkdown(param.type, links),
  param.isValue ? `\`${param.default}\`` : param.default,
  param.doc,
];

/** `conv FILTERS KERNEL [PADDING] [ACTIVATION]`: what may be written without its name. */
const plainForm = ({ name, plain }: WordDoc): string =>
  [`\`${name}\``, ...plain.map((slot) => (slot.needed ? `*${slot.name}*` : `[*${slot.name}*]`))].join(' ');

/** What a value may be, with the meaning of each word. */
const takesMarkdown = (type: ValueType, links: Links): string => {
  switch (type.kind) {
    case 'choice':
    case 'call': {
      const link = links.get(type.words);
      if (link !== undefined) return `${/^\[[aeio]/.test(link) ? 'an' : 'a'} ${link}`;
      return choicesOf(type)
        .map(({ name, doc }) => `\`${name}\` (${asPart(doc)})`)
        .join(', ');
    }
    case 'optional':
      return `${takesMarkdown(type.type, links)}, or \`none\``;
    case 'either':
      return type.types.map((each) => takesMarkdown(each, links)).join(', or ');
    case 'limits':
      return `${describeType(type)}, within ${showValue(type, [type.min, type.max])}`;
    default:
      return describeType(type);
  }
};

/** A line as part of a sentence: no full stop, and no capital where the word is not a name. */
const asPart = (doc: string): string => {
  const bare = doc.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(bare) && !/^(Adam|Gaussian|ImageNet)/.test(bare)
    ? bare[0]!.toLowerCase() + bare.slice(1)
    : bare;
};

export const fence = (place: string, text: string): string => `\`\`\`tlp ${place}\n${text}\n\`\`\`\n`;

/** A text that stands in a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Rows below a head, as a Markdown table. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((each) => each.map(cell))]
    .map((each) => `| ${each.join(' | ')} |\n`)
    .join('');
