// Verb: one value of the file to its form in the plan, by its type in the tables.
import type { Value } from '../../parser/ast.ts';
import { type Diagnostic, finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { correction, replacement } from '../findings/correction.ts';
import { outOfRange, unknownChoice, wrongType, wrongUnit } from '../findings/words.ts';
import { suggestion } from '../leaf/nearest.ts';
import { describeType, percent, rangeWords } from '../vocabulary/describe.ts';
import type { Json, ValueType, Words } from '../vocabulary/word.ts';
import { evaluate } from './evaluate.ts';
import { report, type Scope } from './scope.ts';

/** Reads a word of another table with its parameters; read-word.ts does. */
export type ReadChosen = (scope: Scope, words: Words, value: Value, what: string) => Json | undefined;

/** The value in the plan's form; undefined where it does not fit (and was reported). `what` names it in messages. */
export const readValueWith =
  (readChosen: ReadChosen) =>
  (scope: Scope, type: ValueType, written: Value, what: string): Json | undefined => {
    const value = evaluate(scope, written);
    if (value === undefined) return undefined;
    if (isLiteral(written, value)) return readEvaluated(scope, type, value, what, readChosen);
    // The mistake lies where the name got its value, so nothing is rewritten where the name is used.
    const found: Diagnostic[] = [];
    const read = readEvaluated({ ...scope, diagnostics: found }, type, value, what, readChosen);
    for (const { fix: _, ...diagnostic } of found) scope.diagnostics.push(diagnostic);
    return read;
  };

/** Whether a value stands in the text as it is, without names and arithmetic. */
const isLiteral = (written: Value, value: Value): boolean => {
  switch (written.kind) {
    case 'word':
      return written === value;
    case 'arithmetic':
      return false;
    case 'range':
      return value.kind === 'range' && isLiteral(written.low, value.low) && isLiteral(written.high, value.high);
    case 'list':
      return value.kind === 'list' && written.items.every((item, i) => isLiteral(item, value.items[i]!));
    default:
      return true;
  }
};

const readEvaluated = (
  scope: Scope,
  type: ValueType,
  value: Value,
  what: string,
  readChosen: ReadChosen,
): Json | undefined => {
  switch (type.kind) {
    case 'number':
      return readNumber(scope, type, value, what);
    case 'share':
      return readShare(scope, type, value, what);
    case 'pair':
    case 'size':
      return readSizes(scope, type, value, what);
    case 'choice':
      if (value.kind !== 'word') return mismatch(scope, type, value, what);
      return Object.hasOwn(type.words, value.text) ? value.text : unknown(scope, value, Object.keys(type.words), what);
    case 'flag':
      if (value.kind !== 'word') return mismatch(scope, type, value, what);
      if (value.text === 'true' || value.text === 'false') return value.text === 'true';
      return unknown(scope, value, ['true', 'false'], what);
    case 'text':
      return value.kind === 'text' ? value.text : mismatch(scope, type, value, what);
    case 'limits':
      return readLimits(scope, type, value, what);
    case 'call':
      return readChosen(scope, type.words, value, what);
    case 'numbers': {
      if (value.kind !== 'list') return mismatch(scope, type, value, what);
      const one: ValueType = {
        kind: 'number',
        integer: type.integer,
        min: type.min,
        max: null,
        above: false,
        below: false,
        unit: null,
      };
      const numbers = value.items.map((item) => readEvaluated(scope, one, item, `each number of ${what}`, readChosen));
      return numbers.includes(undefined) ? undefined : numbers.filter((n) => n !== undefined);
    }
    case 'texts': {
      if (value.kind !== 'list' || value.items.length === 0) return mismatch(scope, type, value, what);
      const texts = value.items.map((item) =>
        readEvaluated(scope, { kind: 'text', what: 'name' }, item, `each text of ${what}`, readChosen),
      );
      return texts.includes(undefined) ? undefined : texts.filter((each) => each !== undefined);
    }
    case 'optional':
      if (value.kind === 'word' && value.text === 'none') return null;
      return readEvaluated(scope, type.type, value, what, readChosen);
    case 'either': {
      const fitting = type.types.find((t) => fits(t, value)) ?? type.types.find((t) => sameKind(t, value));
      return fitting === undefined
        ? mismatch(scope, type, value, what)
        : readEvaluated(scope, fitting, value, what, readChosen);
    }
  }
};

/** Whether a plain value may be meant for a parameter of this type, ranges and units aside. */
export const fits = (type: ValueType, value: Value): boolean => {
  switch (type.kind) {
    case 'choice':
      return value.kind === 'word' && Object.hasOwn(type.words, value.text);
    case 'call':
      return (
        (value.kind === 'word' && Object.hasOwn(type.words, value.text)) ||
        (value.kind === 'call' && Object.hasOwn(type.words, value.word.text))
      );
    case 'flag':
      return value.kind === 'word' && (value.text === 'true' || value.text === 'false');
    case 'optional':
      return (value.kind === 'word' && value.text === 'none') || fits(type.type, value);
    case 'either':
      return type.types.some((t) => fits(t, value));
    default:
      return sameKind(type, value);
  }
};

/** Whether value and type are of one kind, though perhaps not among the allowed words. */
export const sameKind = (type: ValueType, value: Value): boolean => {
  switch (type.kind) {
    case 'number':
    case 'share':
      return value.kind === 'number';
    case 'pair':
      return value.kind === 'dims' || (value.kind === 'number' && value.unit === '');
    case 'size':
      return value.kind === 'dims';
    case 'choice':
    case 'flag':
      return value.kind === 'word';
    case 'text':
      return value.kind === 'text';
    case 'limits':
      return value.kind === 'number' || value.kind === 'range';
    case 'call':
      return value.kind === 'word' || value.kind === 'call';
    case 'numbers':
    case 'texts':
      return value.kind === 'list';
    case 'optional':
      return sameKind(type.type, value);
    case 'either':
      return type.types.some((t) => sameKind(t, value));
  }
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const mismatch = (scope: Scope, type: ValueType, value: Value, what: string): undefined =>
  report(
    scope,
    finding(wrongType, value.span, `${capital(what)} is ${describeType(type)}, not ${describeValue(value)}.`, {
      help: `Write ${describeType(type)}.`,
    }),
  );

const describeValue = (value: Value): string => {
  switch (value.kind) {
    case 'number':
      return `the number \`${value.value}${value.unit}\``;
    case 'dims':
      return `the size \`${value.sizes.join('x')}\``;
    case 'text':
      return `the text "${value.text.length > 20 ? `${value.text.slice(0, 20)}…` : value.text}"`;
    case 'word':
      return `the word \`${value.text}\``;
    case 'pattern':
      return `the pattern \`${value.text}\``;
    case 'call':
      return `\`${value.word.text}(…)\``;
    case 'list':
      return 'a list';
    case 'range':
      return 'a range';
    case 'arithmetic':
      return 'a calculation';
  }
};

export const unknown = (
  scope: Scope,
  value: { readonly text: string; readonly span: Span },
  words: readonly string[],
  what: string,
): undefined => report(scope, unknownWordFor(value, words, what));

/** `\`adm\` is no optimizer.` with the nearest one. */
export const unknownWordFor = (
  value: { readonly text: string; readonly span: Span },
  words: readonly string[],
  what: string,
): Diagnostic =>
  finding(unknownChoice, value.span, `\`${value.text}\` is no value for ${what}.`, {
    help: suggestion(value.text, words, 'values'),
    ...correction(value.span, value.text, words),
  });

type NumberType = Extract<ValueType, { kind: 'number' }>;
type ShareType = Extract<ValueType, { kind: 'share' }>;
type LimitsType = Extract<ValueType, { kind: 'limits' }>;

const inRange = (type: NumberType | ShareType, value: number): boolean =>
  (type.min === null || (type.above ? value > type.min : value >= type.min)) &&
  (type.max === null || (type.below ? value < type.max : value <= type.max));

const readNumber = (scope: Scope, type: NumberType, value: Value, what: string): number | undefined => {
  if (value.kind !== 'number') return mismatch(scope, type, value, what);
  if (value.unit !== '' && value.unit !== type.unit) {
    const share = Number((value.value / 100).toPrecision(15));
    return report(
      scope,
      finding(wrongUnit, value.span, `${capital(what)} is ${describeType(type)}, without \`${value.unit}\`.`, {
        help: value.unit === '%' ? `Write \`${share}\` or the number that is meant.` : `Write \`${value.value}\`.`,
        ...(value.unit === '%' && (type.integer || !inRange(type, share))
          ? {}
          : value.unit === '%'
            ? replacement(value.span, `${share}`, true)
            : replacement(value.span, `${value.value}`, false)),
      }),
    );
  }
  if (type.integer && !Number.isInteger(value.value)) {
    return report(
      scope,
      finding(wrongType, value.span, `${capital(what)} is a whole number, not \`${value.value}\`.`, {
        help: `Write \`${Math.round(value.value)}\`.`,
        ...replacement(value.span, `${Math.round(value.value)}`, false),
      }),
    );
  }
  if (inRange(type, value.value)) return value.value;
  const kind = type.integer ? 'a whole number' : 'a number';
  return report(
    scope,
    finding(outOfRange, value.span, `${capital(what)} is ${kind}${rangeWords(type)}, not \`${value.value}\`.`, {
      help: `Choose ${kind}${rangeWords(type)}.`,
    }),
  );
};

const readShare = (scope: Scope, type: ShareType, value: Value, what: string): number | undefined => {
  if (value.kind !== 'number') return mismatch(scope, type, value, what);
  const result = shareOf(scope, value, what);
  if (result === undefined || inRange(type, result)) return result;
  // `50` can only be 50%; of `1.5` and `2` nobody can tell what is meant.
  const meant = value.unit === '' && value.value >= 5 && Number.isInteger(value.value) && inRange(type, result / 100);
  return report(
    scope,
    finding(
      outOfRange,
      value.span,
      `${capital(what)} is a share${rangeWords(type, percent)}, not \`${value.value}${value.unit}\`.`,
      {
        help: meant ? `Write \`${value.value}%\`.` : `Choose a share${rangeWords(type, percent)}.`,
        ...(meant ? replacement(value.span, `${value.value}%`, true) : {}),
      },
    ),
  );
};

const shareOf = (scope: Scope, value: Extract<Value, { kind: 'number' }>, what: string): number | undefined => {
  if (value.unit === '') return value.value;
  if (value.unit === '%') return Number((value.value / 100).toPrecision(15));
  return report(
    scope,
    finding(wrongUnit, value.span, `${capital(what)} is a share, and \`${value.unit}\` is no unit for it.`, {
      help: `Write \`${value.value}%\`.`,
      ...replacement(value.span, `${value.value}%`, false),
    }),
  );
};

const readSizes = (
  scope: Scope,
  type: Extract<ValueType, { kind: 'pair' | 'size' }>,
  value: Value,
  what: string,
): Json | undefined => {
  const single = type.kind === 'pair' && value.kind === 'number' && value.unit === '' && Number.isInteger(value.value);
  const sizes = value.kind === 'dims' ? value.sizes : single ? [value.value, value.value] : null;
  if (sizes === null || sizes.length !== 2) {
    const wanted =
      value.kind === 'number'
        ? `${value.value}x${value.value}`
        : value.kind === 'dims'
          ? value.sizes.slice(0, 2).join('x')
          : null;
    return report(
      scope,
      finding(wrongType, value.span, `${capital(what)} is ${describeType(type)}, not ${describeValue(value)}.`, {
        help: wanted === null ? `Write ${describeType(type)}.` : `Write \`${wanted}\`.`,
        ...(value.kind === 'number' && wanted !== null && Number.isInteger(value.value)
          ? replacement(value.span, wanted, value.unit === '' || value.unit === 'px')
          : {}),
      }),
    );
  }
  const min = type.kind === 'pair' ? type.min : 1;
  const max = 65536;
  if (sizes.some((n) => n < min || n > max)) {
    return report(
      scope,
      finding(outOfRange, value.span, `Both sides of ${what} are at least ${min} and at most ${max}.`, {
        help: `Choose ${describeType(type)}.`,
      }),
    );
  }
  return type.kind === 'size' ? { height: sizes[0]!, width: sizes[1]! } : sizes;
};

const readLimits = (scope: Scope, type: LimitsType, value: Value, what: string): Json | undefined => {
  const ends = value.kind === 'range' ? [value.low, value.high] : [value];
  const numbers: number[] = [];
  for (const end of ends) {
    if (end.kind !== 'number') return mismatch(scope, type, value, what);
    const read = limitNumber(scope, type, end, what);
    if (read === undefined) return undefined;
    numbers.push(read);
  }
  const [low, high] = numbers.length === 2 ? [numbers[0]!, numbers[1]!] : spread(type.single, numbers[0]!);
  const show = (n: number): string =>
    type.of === 'share' ? percent(n) : type.of === 'degrees' ? `${n}deg` : String(n);
  if (low > high) {
    return report(
      scope,
      finding(outOfRange, value.span, `The limits of ${what} run from high to low.`, {
        help: `Write \`${show(high)}..${show(low)}\`.`,
        ...replacement(value.span, `${show(high)}..${show(low)}`, true),
      }),
    );
  }
  if (low < type.min || high > type.max) {
    return report(
      scope,
      finding(
        outOfRange,
        value.span,
        `${capital(what)} lies within ${show(type.min)}..${show(type.max)}; this is ${show(low)}..${show(high)}.`,
        {
          help: 'Choose narrower limits.',
        },
      ),
    );
  }
  return [low, high];
};

const spread = (single: LimitsType['single'], v: number): readonly [number, number] => {
  const round = (n: number): number => Number(n.toPrecision(15));
  switch (single) {
    case 'symmetric':
      return [-Math.abs(v) || 0, Math.abs(v)];
    case 'factor':
      return [round(1 - Math.abs(v)), round(1 + Math.abs(v))];
    case 'up_to':
      return [0, v];
    case 'from':
      return [v, 1];
  }
};

const limitNumber = (
  scope: Scope,
  type: LimitsType,
  value: Extract<Value, { kind: 'number' }>,
  what: string,
): number | undefined => {
  if (type.of === 'share') return shareOf(scope, value, what);
  const unit = type.of === 'degrees' ? 'deg' : '';
  if (value.unit === unit || (type.of === 'number' && value.unit === 'px')) return value.value;
  const wanted = type.of === 'degrees' ? 'an angle in `deg`' : 'a number without a unit';
  return report(
    scope,
    finding(wrongUnit, value.span, `${capital(what)} is ${wanted}, not \`${value.value}${value.unit}\`.`, {
      help: `Write \`${value.value}${unit}\`.`,
      ...replacement(value.span, `${value.value}${unit}`, false),
    }),
  );
};
