// Verb: value types and plan values in the words of the language.
import { wordList } from '../leaf/nearest.ts';
import type { Json, ValueType } from './word.ts';

/** `a whole number of at least 1`. */
export const describeType = (type: ValueType): string => {
  switch (type.kind) {
    case 'number':
      return `${type.integer ? 'a whole number' : 'a number'}${type.unit === null ? '' : ` of pixels`}${rangeWords(type)}`;
    case 'share':
      return shareRange(type) === ' from 0% to 100%' ? 'a share such as 20%' : `a share${shareRange(type)}`;
    case 'pair':
      return 'a size such as 3x3';
    case 'size':
      return 'a size such as 224x224';
    case 'choice':
      return `one of ${wordList(Object.keys(type.words), 20)}`;
    case 'flag':
      return '`true` or `false`';
    case 'text':
      return 'a text in quotes';
    case 'limits':
      return `${limitWords[type.of]} or limits such as ${limitExample[type.of]}`;
    case 'call':
      return `one of ${wordList(Object.keys(type.words), 20)}`;
    case 'numbers':
      return `a list of ${type.integer ? 'whole numbers' : 'numbers'} such as [1, 2]`;
    case 'texts':
      return 'a list of texts such as ["a", "b"]';
    case 'optional':
      return `${describeType(type.type)}, or \`none\``;
    case 'either':
      return type.types.map(describeType).join(', or ');
  }
};

const limitWords = { degrees: 'an angle such as 20deg', share: 'a share such as 20%', number: 'a number' } as const;
const limitExample = { degrees: '-10deg..20deg', share: '80%..120%', number: '1..2' } as const;

type Range = {
  readonly min: number | null;
  readonly max: number | null;
  readonly above: boolean;
  readonly below: boolean;
};

/** ` from 1 to 9`, ` of at least 1`, ` above 0% and below 100%`, or nothing. */
export const rangeWords = (range: Range, show: (value: number) => string = String): string => {
  const { min, max, above, below } = range;
  if (min !== null && max !== null && !above && !below) return ` from ${show(min)} to ${show(max)}`;
  const low = min === null ? null : above ? `above ${show(min)}` : `of at least ${show(min)}`;
  const high = max === null ? null : below ? `below ${show(max)}` : `of at most ${show(max)}`;
  const words = [low, high].filter((part) => part !== null).join(' and ');
  return words === '' ? '' : ` ${words}`;
};

const shareRange = (range: Range): string => rangeWords(range, percent);

export const percent = (value: number): string => `${Number((value * 100).toPrecision(12))}%`;

/** A plan value as the file would say it. */
export const showValue = (type: ValueType, value: Json): string => {
  if (value === null) return 'none';
  switch (type.kind) {
    case 'share':
      return typeof value === 'number' ? percent(value) : String(value);
    case 'pair':
      return Array.isArray(value) ? value.join('x') : String(value);
    case 'optional':
      return showValue(type.type, value);
    case 'limits': {
      const show = (v: Json): string =>
        typeof v !== 'number' ? '' : type.of === 'share' ? percent(v) : type.of === 'degrees' ? `${v}deg` : String(v);
      return Array.isArray(value) ? `${show(value[0] ?? null)}..${show(value[1] ?? null)}` : String(value);
    }
    case 'call':
      return typeof value === 'object' && 'kind' in value ? String(value.kind) : JSON.stringify(value);
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
};
