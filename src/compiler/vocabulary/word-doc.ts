// Verb: a word of a table to its documentation: what it is, what may be written, what holds when it is not.
import { describeType, showValue } from './describe.ts';
import { isSetting } from './setting.ts';
import type { Param, ValueType, Word } from './word.ts';

export interface ParamDoc {
  readonly name: string;
  readonly type: ValueType;
  /** The type in words. */
  readonly takes: string;
  readonly default: string;
  /** The default is a value of the language, not a sentence about it. */
  readonly isValue: boolean;
  readonly doc: string;
}

/** A word that a value may be. */
export interface ChoiceDoc {
  readonly name: string;
  readonly doc: string;
  /** The word of a table, with parameters of its own. */
  readonly word: Word | null;
}

export interface WordDoc {
  readonly name: string;
  readonly doc: string;
  /** The parameter of `word VALUE`. */
  readonly value: ParamDoc | null;
  /** All others. */
  readonly params: readonly ParamDoc[];
  /** What may be written without its name, and whether it must be. */
  readonly plain: readonly { readonly name: string; readonly needed: boolean }[];
  readonly needsOne: boolean;
  readonly block: Word['block'] | null;
  /** As it stands in its block. */
  readonly example: string;
  /** What holds when the word is not written; null where that follows from something else. */
  readonly initial: string | null;
}

const paramDoc = (name: string, param: Param): ParamDoc => ({
  name,
  type: param.type,
  takes: describeType(param.type),
  default: standard(param),
  isValue: param.default.kind === 'value',
  doc: param.doc,
});

const standard = ({ type, default: usual }: Param): string => {
  switch (usual.kind) {
    case 'required':
      return 'required';
    case 'derived':
      return usual.words;
    case 'value':
      return showValue(type, usual.value);
  }
};

export const wordDoc = (name: string, word: Word): WordDoc => {
  const { value, ...others } = word.params;
  const plain = word.positional.map((slot) =>
    typeof slot === 'string'
      ? { name: slot, needed: word.params[slot]?.default.kind === 'required' }
      : { name: slot.join(' and '), needed: false },
  );
  return {
    name,
    doc: word.doc,
    value: value === undefined ? null : paramDoc('value', value),
    params: Object.entries(others).map(([key, param]) => paramDoc(key, param)),
    plain,
    needsOne: word.needsOne === true,
    block: word.block ?? null,
    example: word.example ?? name,
    initial:
      value === undefined || !isSetting(word) || word.initial === null ? null : showValue(value.type, word.initial),
  };
};

/** The words that a value may be, with what they mean. */
export const choicesOf = (type: ValueType): readonly ChoiceDoc[] => {
  switch (type.kind) {
    case 'call':
      return Object.entries(type.words).map(([name, word]) => ({ name, doc: word.doc, word }));
    case 'choice':
      return Object.entries(type.words).map(([name, doc]) => ({ name, doc, word: null }));
    case 'optional':
      return choicesOf(type.type);
    case 'either':
      return type.types.flatMap(choicesOf);
    default:
      return [];
  }
};
