// Verb: tokens and vocabulary to the words of the language by the role they play in a text.
import { keywords } from '../../grammar/tokens.ts';
import { rules } from '../../src/compiler/findings/index.ts';
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { blocks } from '../../src/compiler/vocabulary/blocks.ts';
import type { ValueType, Words } from '../../src/compiler/vocabulary/word.ts';

export interface Roles {
  /** Keywords that begin a part or a definition. */
  readonly parts: ReadonlySet<string>;
  /** Keywords inside a line. */
  readonly joints: ReadonlySet<string>;
  /** Words that begin any other statement. */
  readonly statements: ReadonlySet<string>;
  /** `adam`, `relu`, `digits`: words that are values. */
  readonly values: ReadonlySet<string>;
  /** Words of sentences: `20% of train`, `backbone except last 4 layers`. */
  readonly sentence: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
  readonly backbones: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

/** The sentences of `freeze` and `validation` and the settings of `rules` are read by code, not by tables. */
const SENTENCE = ['all', 'backbone', 'except', 'last', 'first', 'from', 'layers', 'layer', 'of', 'train', 'stratified'];
const SENTENCE_VALUES = ['test', 'train', 'adapt', 'inference', 'off', 'warning', 'error', 'balanced'];
const CONSTANTS = ['none', 'true', 'false'];
const JOINTS = ['continues', 'in', 'step'];

const units = (type: ValueType): readonly string[] => {
  switch (type.kind) {
    case 'number':
      return type.unit === null ? [] : [type.unit];
    case 'limits':
      return type.of === 'degrees' ? ['deg'] : type.of === 'number' ? ['px'] : [];
    case 'optional':
      return units(type.type);
    case 'either':
      return type.types.flatMap(units);
    default:
      return [];
  }
};

export const readRoles = (): Roles => {
  const all = keywords.map((keyword) => keyword.name.toLowerCase());
  const found = { statements: new Set<string>(), values: new Set<string>(SENTENCE_VALUES) };
  const parameters = new Set<string>();
  const foundUnits = new Set<string>();
  const addType = (type: ValueType): void => {
    for (const unit of units(type)) foundUnits.add(unit);
    if (type.kind === 'choice') for (const word of Object.keys(type.words)) found.values.add(word);
    if (type.kind === 'call') addWords(type.words, found.values);
    if (type.kind === 'optional') addType(type.type);
    if (type.kind === 'either') type.types.forEach(addType);
  };
  const addWords = (words: Words, into: Set<string>): void => {
    for (const [name, word] of Object.entries(words)) {
      into.add(name);
      for (const [key, param] of Object.entries(word.params)) {
        parameters.add(key);
        addType(param.type);
      }
    }
  };
  for (const words of Object.values(blocks)) addWords(words, found.statements);
  for (const rule of rules) if (rule.severity === 'warning') found.statements.add(rule.name.replaceAll('-', '_'));
  for (const keyword of all) found.statements.delete(keyword);
  for (const word of [...CONSTANTS, ...SENTENCE.filter((word) => !SENTENCE_VALUES.includes(word))]) {
    found.values.delete(word);
  }
  return {
    parts: new Set(all.filter((word) => !JOINTS.includes(word))),
    joints: new Set(JOINTS.filter((word) => all.includes(word))),
    statements: found.statements,
    values: found.values,
    sentence: new Set(SENTENCE.filter((word) => !found.values.has(word))),
    constants: new Set(CONSTANTS),
    backbones: new Set(Object.keys(backbones)),
    parameters,
    units: foundUnits,
  };
};
