// Verb: templates and examples to the snippets of editors: values become places to fill in, words of a list become a choice.
import { templates } from '../../bin/commands/templates.ts';
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { blocks } from '../../src/compiler/vocabulary/blocks.ts';
import type { ValueType, Word, Words } from '../../src/compiler/vocabulary/word.ts';
import type { Item } from '../../src/parser/ast.ts';
import { lex } from '../../src/parser/lex.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';

export interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
  readonly description: string;
}

/** Lists of words from which a value is one. */
const choicesOf = (type: ValueType): readonly (readonly string[])[] => {
  switch (type.kind) {
    case 'choice':
      return [Object.keys(type.words)];
    // Words with parameters of their own are chosen where they are written bare.
    case 'call':
      return [Object.keys(type.words).filter((word) => !hasRequired(type.words[word]!))];
    case 'optional':
      return choicesOf(type.type);
    case 'either':
      return type.types.flatMap(choicesOf);
    case 'flag':
      return [['true', 'false']];
    default:
      return [];
  }
};

const hasRequired = (word: Word): boolean => Object.values(word.params).some((p) => p.default.kind === 'required');

const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

/** The statement of a word inside its example. */
const ownText = (word: string, text: string): string => {
  const find = (items: readonly Item[]): Item | null => {
    for (const item of items) {
      if (item.word.text === word) return item;
      const inner = 'block' in item && item.block !== null ? find(item.block.items) : null;
      if (inner !== null) return inner;
    }
    return null;
  };
  const item = find(parse(sourceOf('example.tlp', text)).file.items);
  return item === null ? text : text.slice(item.span.start, item.span.end);
};

/** The example with a tab stop at each value. */
const withStops = (text: string, words: Words): string => {
  const { tokens } = lex(sourceOf('example.tlp', text));
  let out = '';
  let from = 0;
  let stop = 0;
  let choices: readonly (readonly string[])[] = [];
  for (const [i, { image, startOffset, tokenType }] of tokens.entries()) {
    const known = words[image];
    const begins = i === 0 || /^[\s;{}]*$/.test(tokens[i - 1]!.image);
    if (begins && known !== undefined) choices = Object.values(known.params).flatMap((p) => choicesOf(p.type));
    const next = tokens[i + 1]?.tokenType.name;
    const list = begins || next === 'Colon' || next === 'CallOpen' ? undefined : choices.find((c) => c.includes(image));
    const isValue = ['Quantity', 'Dims', 'Text'].includes(tokenType.name);
    if (list === undefined && !isValue) continue;
    stop++;
    const rest = list?.filter((word) => word !== image) ?? [];
    out += escaped(text.slice(from, startOffset));
    if (list !== undefined) out += `\${${stop}|${[image, ...rest].join(',')}|}`;
    else if (tokenType.name === 'Text') out += `"\${${stop}:${escaped(image.slice(1, -1))}}"`;
    else out += `\${${stop}:${escaped(image)}}`;
    from = startOffset + image.length;
  }
  return out + escaped(text.slice(from));
};

const lines = (text: string): readonly string[] => text.replaceAll('  ', '\t').split('\n');

/** The words of a block that have an example in their table. */
const ofWords = (words: Words): readonly (readonly [string, Snippet])[] =>
  Object.entries(words).flatMap(([name, { doc, example }]) =>
    example === undefined
      ? []
      : [[name, { prefix: name, body: lines(withStops(ownText(name, example), words)), description: doc }] as const],
  );

const known = Object.keys(backbones)
  .filter((name) => name !== 'mobilenetv2')
  .join(',');

/** Parts, written with their stops as `<1:value>` and `<1|one,other|>`: an example would be a whole file. */
const parts: Readonly<Record<string, string>> = {
  data: 'data {\n  source <1|digits,mnist,fashion_mnist,cifar10,cifar100|>\n  validation <2:20%> of train<0>\n}',
  augment: 'augment {\n  <0>\n}',
  backbone: `backbone <1|mobilenetv2,${known}|> { weights <2|imagenet,none|> }<0>`,
  'own backbone': 'backbone <1:cnn> {\n  conv <2:32> 3x3 same relu\n  max_pool 2x2<0>\n}',
  freeze: 'freeze <1|backbone,none,all|><0>',
  'freeze except': 'freeze backbone except last <1:4> layers<0>',
  head: 'head {\n  <1|global_average_pooling,flatten|><0>\n}',
  schedule: 'schedule {\n  batch <1:32>\n  epochs <2:10>\n  optimizer adam(lr: <3:1e-3>)<0>\n}',
  stage: 'stage "<1:fine-tuning>" { freeze <2|backbone,none|>; epochs <3:5>; optimizer adam(lr: <4:1e-5>) }<0>',
  run: 'run "<1:name>" { <0> }',
  'run continues': 'run "<1:name>" continues "<2:other>" { <0> }',
  let: 'let <1:name> = <2:value><0>',
  param: 'param <1:lr> = <2:1e-3> in <3:1e-6>..<4:1e-1><0>',
  import: 'import "<1:common.tlp>"<0>',
  sweep: 'sweep {\n  <1:lr> in [<2:1e-2, 1e-3>]<0>\n}',
};

const stopped = (text: string): string =>
  text.replace(/<(\d+)([:|][^>]*)?>/g, (_, stop: string, rest = '') =>
    rest === '' ? `$${stop}` : `\${${stop}${rest}}`,
  );

export const snippets = (): Readonly<Record<string, Snippet>> =>
  Object.fromEntries([
    ...Object.entries(templates).map(([name, { text, doc }]): [string, Snippet] => [
      `pipeline ${name}`,
      { prefix: `pipeline ${name}`, body: lines(escaped(text.trimEnd())), description: `A pipeline: ${doc}.` },
    ]),
    ...Object.entries(parts).map(([name, text]): [string, Snippet] => {
      const word = name.replace(/^own | (except|continues)$/, '');
      const { doc } = blocks.file[word] ?? blocks.schedule[word]!;
      return [name, { prefix: name, body: lines(stopped(text)), description: doc }];
    }),
    ...ofWords(blocks.data),
    ...ofWords(blocks.augment),
    ...ofWords(blocks.network),
    ...ofWords(blocks.schedule),
  ]);

export const snippetsText = (): string => `${JSON.stringify(snippets(), null, 2)}\n`;
