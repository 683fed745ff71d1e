// Verb: a word with its plain values and named parameters to the fields of its plan object, defaults filled in.
import type { Arg, Name, Statement, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { correction } from '../findings/correction.ts';
import { duplicateParameter, extraValue, missingValue, unexpectedBlock, unknownParameter } from '../findings/words.ts';
import { nearest, suggestion, wordList } from '../leaf/nearest.ts';
import { placesOf } from '../vocabulary/blocks.ts';
import { describeType } from '../vocabulary/describe.ts';
import type { SettingWord } from '../vocabulary/setting.ts';
import type { Fields, FieldsOf, Json, Params, PlanOf, ValueType, Word, Words } from '../vocabulary/word.ts';
import { evaluate } from './evaluate.ts';
import { fits, mismatch, type ReadChosen, readValueWith, sameKind, unknown } from './read-value.ts';
import { mark, report, type Scope } from './scope.ts';
import { joinSizes } from './spaced-sizes.ts';

/** The parameters of a word, read. */
export interface ReadWord<F extends Fields = Fields> {
  readonly fields: F;
  /** Where each field that was written stands. */
  readonly spans: Readonly<Record<string, Span>>;
}

/** `word value … (key: value)` as a statement; a block only where the word takes one. */
export const readStatement = <P extends Params>(
  scope: Scope,
  word: Word & { readonly params: P },
  statement: Statement,
): ReadWord<Fields & FieldsOf<P>> | undefined => {
  const { block } = statement;
  if (block !== null && word.block === undefined) {
    const example =
      Object.keys(word.params).length === 0
        ? ''
        : ` Parameters stand in parentheses: \`${statement.word.text}(key: value)\`.`;
    report(
      scope,
      finding(
        unexpectedBlock,
        { ...block.span, end: block.span.start + 1 },
        `\`${statement.word.text}\` takes no block.`,
        {
          help: `Remove the block.${example}`,
        },
      ),
    );
    return undefined;
  }
  const { word: name, values, args, span } = statement;
  return readWord(scope, word, { name, values, args, span });
};

/** A word as it stands in the file. */
interface Said {
  readonly name: Name;
  readonly values: readonly Value[];
  readonly args: readonly Arg[];
  readonly span: Span;
}

/** Values by parameter, with where they stand. */
type Written = Map<string, { readonly value: Value; readonly span: Span }>;

/** Fields as they fill up. */
type Filling = Record<string, Json>;

const readWord = <P extends Params>(
  scope: Scope,
  word: Word & { readonly params: P },
  said: Said,
): ReadWord<Fields & FieldsOf<P>> | undefined => {
  const { written, ok } = sortValues(scope, word, said);
  // In the order of the table, whatever the order of writing.
  const fields: Filling = {};
  for (const key of namesOf(word)) fields[key] = null;
  const spans = readWritten(scope, word, said.name, written, fields);
  if (!ok || spans === undefined) return undefined;
  if (!fillDefaults(scope, word, said.name, written, fields)) return undefined;
  if (word.needsOne === true && written.size === 0) {
    report(
      scope,
      finding(missingValue, said.name.span, `\`${said.name.text}\` says nothing without a value.`, {
        help: `Give it ${describeType(word.params[word.positional.flat()[0] ?? namesOf(word)[0] ?? '']!.type)}.`,
      }),
    );
    return undefined;
  }
  derive(word, written, fields);
  spans[''] = said.span;
  return isRead(word.params, fields) ? { fields, spans } : undefined;
};

/** Which value goes to which parameter: the named ones first. Not `ok`: something was wrong and was reported. */
const sortValues = (scope: Scope, word: Word, { name, values, args }: Said) => {
  const written: Written = new Map();
  const names = namesOf(word);
  let ok = true;
  for (const arg of args) {
    if (arg.name === null) continue;
    if (!Object.hasOwn(word.params, arg.name.text)) {
      ok = false;
      report(
        scope,
        finding(unknownParameter, arg.name.span, `\`${name.text}\` has no parameter \`${arg.name.text}\`.`, {
          help: suggestion(arg.name.text, names, 'parameters'),
          ...correction(arg.name.span, arg.name.text, names),
        }),
      );
    } else if (written.has(arg.name.text)) {
      ok = false;
      twice(scope, arg.name.text, arg.span, written.get(arg.name.text)!.span);
    } else written.set(arg.name.text, { value: arg.value, span: arg.value.span });
  }
  const unnamed = args.filter((arg) => arg.name === null);
  const plain = unnamed.length === 0 ? values : [...values, ...unnamed.map((arg) => arg.value)];
  const { values: joined, spaced } = joinSizes(scope, plain);
  if (!assign(scope, word, name, joined, written) || spaced) ok = false;
  return { written, ok };
};

/** Reads what was written into its fields; where each stands, or undefined where one was wrong and was reported. */
const readWritten = (
  scope: Scope,
  word: Word,
  name: Name,
  written: Written,
  fields: Filling,
): Record<string, Span> | undefined => {
  const spans: Record<string, Span> = {};
  let ok = true;
  for (const [key, { value, span: place }] of written) {
    const what = key === 'value' ? `\`${name.text}\`` : `\`${key}\` of \`${name.text}\``;
    const read = readValue(scope, word.params[key]!.type, value, what);
    if (read === undefined) ok = false;
    else {
      fields[key] = read;
      spans[key] = place;
    }
  }
  return ok ? spans : undefined;
};

/** Fixed defaults for what was not written. False where a required value is missing, which is reported. */
const fillDefaults = (scope: Scope, word: Word, name: Name, written: Written, fields: Filling): boolean => {
  const params: Params = word.params;
  let ok = true;
  for (const key of namesOf(word)) {
    if (written.has(key)) continue;
    const param = params[key]!;
    if (param.default.kind === 'value') fields[key] = param.default.value;
    else if (param.default.kind === 'required') {
      ok = false;
      const what = key === 'value' ? `\`${name.text}\` needs a value` : `\`${name.text}\` lacks \`${key}\``;
      const positional = word.positional.flat().includes(key);
      report(
        scope,
        finding(missingValue, name.span, `${what}: ${describeType(param.type)}.`, {
          help: positional ? `Write it after the word: \`${name.text} …\`.` : `Write \`${name.text}(${key}: …)\`.`,
        }),
      );
    }
  }
  return ok;
};

/** Defaults that follow from the other fields. */
const derive = (word: Word, written: Written, fields: Filling): void => {
  const params: Params = word.params;
  for (const key of namesOf(word)) {
    const usual = params[key]!.default;
    if (!written.has(key) && usual.kind === 'derived') fields[key] = usual.derive(fields) ?? null;
  }
};

/**
 * Whether each parameter has its value. Each was read by its own type, and `Typed<T>` says that this type reads as T: here
 * what the reader finds meets what the table promises.
 */
const isRead = <P extends Params>(params: P, fields: Fields): fields is Fields & FieldsOf<P> =>
  Object.keys(params).every((key) => fields[key] !== undefined);

const parameterNames = new WeakMap<Word, readonly string[]>();

/** Names of a word's parameters: each word of the tables is asked thousands of times in a long file. */
const namesOf = (word: Word): readonly string[] => {
  const known = parameterNames.get(word);
  if (known !== undefined) return known;
  const names = Object.keys(word.params);
  parameterNames.set(word, names);
  return names;
};

/** Gives each plain value to the first free parameter that it fits. */
const assign = (scope: Scope, word: Word, name: Name, values: readonly Value[], written: Written): boolean => {
  const free = word.positional.map((slot) => (typeof slot === 'string' ? [slot] : slot));
  let ok = true;
  for (const raw of values) {
    const value = evaluate(scope, raw);
    if (value === undefined) {
      // Reported already; take it for the next parameter, so that nothing seems missing.
      ok = false;
      for (const key of free.shift() ?? []) written.set(key, { value: raw, span: raw.span });
      continue;
    }
    const typeOf = (slot: readonly string[]) => word.params[slot[0]!]!.type;
    const open = free.filter((slot) => !slot.some((key) => written.has(key)));
    const alike = open.filter((slot) => sameKind(typeOf(slot), value));
    const named = free.find((slot) => fits(typeOf(slot), value) && slot.some((key) => written.has(key)));
    if (named !== undefined && !open.some((slot) => fits(typeOf(slot), value))) {
      ok = false;
      twice(scope, named[0]!, value.span, written.get(named.find((key) => written.has(key))!)!.span);
      free.splice(free.indexOf(named), 1);
      continue;
    }
    const chosen =
      open.find((slot) => fits(typeOf(slot), value)) ??
      alike.find((slot) => value.kind === 'word' && nearest(value.text, wordsOf(typeOf(slot))) !== null) ??
      alike[0] ??
      open[0];
    if (chosen === undefined) {
      ok = false;
      const takes = word.positional.flat();
      report(
        scope,
        finding(
          extraValue,
          value.span,
          `\`${name.text}\` takes ${takes.length === 0 ? 'no plain value' : 'no further value'}.`,
          {
            help:
              takes.length > 0 || Object.keys(word.params).length === 0 || isKnownWord(value)
                ? 'Put two statements on two lines, or `;` between them.'
                : `Its parameters are named: \`${name.text}(${Object.keys(word.params)[0]}: …)\`; it has ${wordList(Object.keys(word.params))}.`,
          },
        ),
      );
      break;
    }
    free.splice(free.indexOf(chosen), 1);
    for (const key of chosen) written.set(key, { value: raw, span: raw.span });
  }
  return ok;
};

const isKnownWord = (value: Value): boolean => value.kind === 'word' && placesOf(value.text).length > 0;

/** The words that a type allows. */
const wordsOf = (type: ValueType): readonly string[] => {
  switch (type.kind) {
    case 'choice':
    case 'call':
      return Object.keys(type.words);
    case 'flag':
      return ['true', 'false'];
    case 'optional':
      return ['none', ...wordsOf(type.type)];
    case 'either':
      return type.types.flatMap(wordsOf);
    default:
      return [];
  }
};

const twice = (scope: Scope, key: string, span: Span, first: Span): undefined =>
  report(
    scope,
    finding(duplicateParameter, span, `\`${key}\` is given twice.`, {
      help: 'Remove one of the two.',
      related: [{ span: first, message: 'first given here' }],
    }),
  );

/** A word of a table with its fields, as it stands in the plan. */
const entryOf = (word: Word, kind: string, fields: Fields): Json => word.form?.build(fields) ?? { kind, ...fields };

/** A statement of a word of a table, as it stands in the plan; undefined where it does not fit (and was reported). */
export const readEntry = <T extends Words, K extends keyof T & string>(
  scope: Scope,
  words: T,
  kind: K,
  statement: Statement,
): PlanOf<Pick<T, K>> | undefined => {
  const word = words[kind]!;
  const read = readStatement(scope, word, statement);
  // `PlanOf` is what `entryOf` makes, word by word.
  return read === undefined
    ? undefined
    : (marked(scope, entryOf(word, kind, read.fields), statement.span, read.spans) as PlanOf<Pick<T, K>>);
};

/** A setting with the value that it gives. */
export const readSetting = <T extends Json>(
  scope: Scope,
  word: SettingWord<T>,
  statement: Statement,
): { readonly value: T } | undefined => {
  const read = readStatement(scope, word, statement);
  return read === undefined
    ? undefined
    : { value: marked(scope, word.form.build(read.fields), statement.span, read.spans) };
};

/** Marks an object that has no mark of its own, such as that of a call. */
const marked = <T extends Json>(scope: Scope, value: T, span: Span, spans: Readonly<Record<string, Span>>): T => {
  if (typeof value === 'object' && value !== null && !scope.marks.has(value)) mark(scope, value, span, spans);
  return value;
};

/** A word of a table with its parameters, as a value. */
const readChosen: ReadChosen = (scope, words, value, what) => {
  if (value.kind !== 'word' && value.kind !== 'call') {
    return mismatch(scope, { kind: 'call', words }, value, what);
  }
  const name = value.kind === 'word' ? ({ kind: 'name', text: value.text, span: value.span } as const) : value.word;
  const word = Object.hasOwn(words, name.text) ? words[name.text] : undefined;
  if (word === undefined) return unknown(scope, name, Object.keys(words), what);
  const args = value.kind === 'call' ? value.args : [];
  const read = readWord(scope, word, { name, values: [], args, span: value.span });
  if (read === undefined) return undefined;
  const built = entryOf(word, name.text, read.fields);
  if (typeof built === 'object' && built !== null) mark(scope, built, value.span, { ...read.spans, kind: name.span });
  return built;
};

/** Reads any value by its type. */
export const readValue = readValueWith(readChosen);
