// Verb: the sentence of `freeze` to the freeze policy of the plan.
import type { Freeze, Statement, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { joinSpans } from '../../parser/source.ts';
import { correction } from '../findings/correction.ts';
import { unknownChoice, wrongSentence } from '../findings/words.ts';
import { nearest, suggestion } from '../leaf/nearest.ts';
import { batchNormModes } from '../vocabulary/freeze.ts';
import { hasWord, integer } from '../vocabulary/word.ts';
import { evaluate } from './evaluate.ts';
import type { FreezePlan } from './plan.ts';
import { settingsOf } from './read-block.ts';
import { readValue } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

export const defaultFreeze: FreezePlan = { kind: 'none', count: null, except: null, batch_norm: 'train' };

const modes = Object.keys(batchNormModes);

/** Undefined where the sentence is not understood (and that was reported). */
export const buildFreeze = (scope: Scope, freeze: Freeze): FreezePlan | undefined => {
  const batch_norm = batchNorm(scope, settingsOf(scope, freeze.block, 'freeze')[0]);
  const policy = readSentence(scope, freeze);
  if (policy === undefined || batch_norm === undefined) return undefined;
  return mark(scope, { ...policy, batch_norm }, freeze.span, {
    ...(freeze.sentence[0] === undefined ? {} : { kind: freeze.sentence[0].span }),
    ...(freeze.sentence.length > 2
      ? { except: joinSpans(freeze.sentence[1]!.span, freeze.sentence.at(-1)!.span) }
      : {}),
  });
};

const batchNorm = (scope: Scope, statement: Statement | undefined): FreezePlan['batch_norm'] | undefined => {
  if (statement === undefined) return 'train';
  const [value] = statement.values;
  if (value?.kind === 'word' && statement.values.length === 1) {
    if (hasWord(batchNormModes, value.text)) return value.text;
  }
  return report(
    scope,
    finding(unknownChoice, value?.span ?? statement.span, '`batch_norm` is `train`, `adapt` or `inference`.', {
      help:
        value?.kind === 'word'
          ? suggestion(value.text, modes, 'values')
          : '`train` as Keras does, `adapt` moves statistics only, `inference` keeps them.',
      ...(value?.kind === 'word' ? correction(value.span, value.text, modes) : {}),
    }),
  );
};

type Policy = Omit<FreezePlan, 'batch_norm'>;

/** What reads the words of a sentence one by one; `bad` says what is wrong with one, and `help` beside it. */
const sentenceReader = (scope: Scope, freeze: Freeze) => {
  const bad = (value: Value | undefined, message: string, words: readonly string[]): undefined => {
    const near = value?.kind === 'word' ? nearest(value.text, words) : null;
    return report(
      scope,
      finding(wrongSentence, value?.span ?? freeze.word.span, message, {
        help: near === null ? help : `Did you mean \`${near}\`?`,
        ...(value?.kind === 'word' ? correction(value.span, value.text, words) : {}),
      }),
    );
  };
  const words = freeze.sentence;
  const is = (index: number, ...texts: readonly string[]): boolean => {
    const value = words[index];
    return value?.kind === 'word' && texts.includes(value.text);
  };
  const count = (value: Value | undefined): number | undefined => {
    if (value === undefined) return bad(freeze.sentence.at(-1), 'How many layers is missing.', []);
    const read = readValue(scope, integer({ min: 0 }).type, value, 'the number of layers');
    return typeof read === 'number' ? read : undefined;
  };
  const end = (index: number): boolean => {
    if (words[index] !== undefined) bad(words[index], 'The sentence is over before this.', []);
    return words[index] === undefined;
  };
  return { words, bad, is, count, end };
};

const readSentence = (scope: Scope, freeze: Freeze): Policy | undefined => {
  const reader = sentenceReader(scope, freeze);
  const { words, bad, is, count, end } = reader;
  if (is(0, 'none')) return end(1) ? { kind: 'none', count: null, except: null } : undefined;
  if (is(0, 'all')) return end(1) ? { kind: 'all', count: null, except: null } : undefined;
  if (is(0, 'first')) {
    const n = count(words[1]);
    if (n === undefined) return undefined;
    if (!is(2, 'layers', 'layer')) return bad(words[2] ?? words[1], 'First how many layers?', ['layers']);
    return end(3) ? { kind: 'first', count: n, except: null } : undefined;
  }
  if (!is(0, 'backbone')) {
    return bad(words[0], words.length === 0 ? '`freeze` does not say what.' : 'This cannot be frozen.', [
      'none',
      'all',
      'backbone',
      'first',
    ]);
  }
  if (words[1] === undefined) return { kind: 'backbone', count: null, except: null };
  if (!is(1, 'except')) return bad(words[1], 'Only `except` can follow.', ['except']);
  return readException(scope, reader);
};

/** What follows `backbone except`. */
const readException = (
  scope: Scope,
  { words, bad, is, count, end }: ReturnType<typeof sentenceReader>,
): Policy | undefined => {
  if (is(2, 'last')) {
    const n = count(words[3]);
    if (n === undefined) return undefined;
    if (!is(4, 'layers', 'layer')) return bad(words[4] ?? words[3], 'The last how many layers?', ['layers']);
    return end(5) ? { kind: 'backbone', count: null, except: { kind: 'last', count: n } } : undefined;
  }
  if (is(2, 'from')) {
    const layer = words[3];
    if (layer?.kind !== 'word' && layer?.kind !== 'text') return bad(layer ?? words[2], 'From which layer?', []);
    return end(4) ? { kind: 'backbone', count: null, except: { kind: 'from', layer: layer.text } } : undefined;
  }
  const pattern = words[2] === undefined ? undefined : evaluate(scope, words[2]);
  if (pattern?.kind === 'pattern' || pattern?.kind === 'text' || pattern?.kind === 'word') {
    if (pattern.kind === 'word' && words.length > 3) return bad(pattern, 'This is not understood.', ['last', 'from']);
    return end(3) ? { kind: 'backbone', count: null, except: { kind: 'pattern', pattern: pattern.text } } : undefined;
  }
  return bad(words[2] ?? words[1], 'Except which layers?', ['last', 'from']);
};

const help =
  'Write `freeze none`, `freeze backbone`, `freeze backbone except last 4 layers`, `freeze backbone except block5_*`, `freeze backbone except from LAYER`, `freeze first 100 layers` or `freeze all`.';
