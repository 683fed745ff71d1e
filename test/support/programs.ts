// Generated programs: any text that the grammar takes, and programs of real words with values that often do not fit.
import fc from 'fast-check';
import { blocks } from '../../src/compiler/vocabulary/blocks.ts';
import type { ValueType, Word, Words } from '../../src/compiler/vocabulary/word.ts';

const joined = (
  parts: fc.Arbitrary<string>,
  separator: string,
  maxLength: number,
  minLength = 0,
): fc.Arbitrary<string> => fc.array(parts, { minLength, maxLength }).map((list) => list.join(separator));

const word = fc.constantFrom('dense', 'conv', 'relu', 'x1', '_a', 'flatten', 'lr', 'source', 'Zahl', 'step_2');
const named = fc.constantFrom('a', 'cnn', 'head', 'run', 'step', 'data2');
const text = joined(fc.constantFrom('a', 'B', ' ', '😀', 'é', '/', '\\', '{', '//', '\t', "'"), '', 6).map(
  (inside) => `"${inside}"`,
);
const number = fc
  .tuple(
    fc.constantFrom('0', '7', '-3', '0.5', '.25', '1e-3', '-2.5E+4', '100'),
    fc.constantFrom('', '', '%', 'deg', 'px', 'ms'),
  )
  .map((pair) => pair.join(''));
const dims = fc.constantFrom('3x3', '224x224', '1x2x3', '0x0');

/** Values as the grammar has them: what binds loosely only in brackets or arguments. */
const { value, atom } = fc.letrec<{ value: string; sum: string; atom: string; args: string }>((tie) => ({
  args: joined(
    fc.oneof(
      tie('value'),
      fc.tuple(word, tie('value')).map(([key, v]) => `${key}: ${v}`),
    ),
    ', ',
    3,
  ),
  atom: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    number,
    fc.oneof(
      word,
      text,
      dims,
      number,
      fc.constant('block5_* '),
      fc.tuple(word, tie('args')).map(([name, args]) => `${name}(${args})`),
      joined(tie('value'), ', ', 3).map((items) => `[${items}]`),
      tie('sum').map((inside) => `(${inside})`),
    ),
  ),
  sum: joined(tie('atom'), ' ', 1, 1).chain((first) =>
    fc
      .array(fc.tuple(fc.constantFrom(' + ', ' - ', ' * ', ' / '), tie('atom')), { maxLength: 2 })
      .map((more) => first + more.flat().join('')),
  ),
  value: fc.oneof(
    { maxDepth: 3 },
    tie('atom'),
    tie('sum'),
    fc.tuple(tie('sum'), tie('sum')).map(([low, high]) => `${low} .. ${high}`),
    fc.tuple(tie('sum'), tie('sum'), tie('sum')).map(([low, high, step]) => `${low} .. ${high} step ${step}`),
  ),
}));

const comment = fc.constantFrom('', '', '', ' // why', ' // 😀 {');
const between = fc.constantFrom('\n', '\n', '; ', '\n\n', '\n// own line\n', '\r\n', ' ;;\n\t');

const { file } = fc.letrec<{ file: string; block: string; item: string; items: string }>((tie) => {
  const optional = (part: fc.Arbitrary<string>) =>
    fc.oneof(
      fc.constant(''),
      part.map((p) => ` ${p}`),
    );
  const headed = (keyword: string, name: fc.Arbitrary<string>) =>
    fc.tuple(optional(name), optional(tie('block'))).map(([n, b]) => keyword + n + b);
  const name = fc.oneof(named, text);
  const statement = fc
    .tuple(
      word,
      optional(joined(atom, ' ', 3, 1)),
      optional(
        joined(
          fc.tuple(word, value).map(([key, v]) => `${key}: ${v}`),
          ', ',
          2,
          1,
        ).map((args) => `(${args})`),
      ),
      optional(tie('block')),
    )
    .map((parts) => parts.join(''));
  return {
    item: fc.oneof(
      { maxDepth: 4 },
      statement,
      ...['data', 'augment', 'head', 'schedule', 'stage'].map((keyword) => headed(keyword, name)),
      fc.tuple(named, optional(text), optional(tie('block'))).map((parts) => `backbone ${parts.join('')}`),
      fc.tuple(optional(joined(atom, ' ', 4, 1)), optional(tie('block'))).map((parts) => `freeze${parts.join('')}`),
      fc
        .tuple(text, optional(name.map((other) => `continues ${other}`)), optional(tie('block')))
        .map((parts) => `run ${parts.join('')}`),
      fc.tuple(word, value).map(([n, v]) => `let ${n} = ${v}`),
      fc.tuple(word, value, optional(value.map((v) => `in ${v}`))).map(([n, v, range]) => `param ${n} = ${v}${range}`),
      text.map((path) => `import ${path}`),
      joined(
        fc.tuple(word, value).map(([n, v]) => `${n} in ${v}`),
        '; ',
        3,
      ).map((entries) => `sweep { ${entries} }`),
      tie('block'),
    ),
    items: fc
      .array(fc.tuple(tie('item'), comment, between), { maxLength: 4 })
      .map((list) => list.map(([i, c, b]) => i + c + (c === '' ? b : '\n')).join('')),
    block: tie('items').map((inside) => `{ ${inside}}`),
    file: tie('items'),
  };
});

/** Any program without a syntax error; most of its words mean nothing. */
export const anyProgram: fc.Arbitrary<string> = file;

/** A value that a parameter of this type takes. */
const valueFor = (type: ValueType): fc.Arbitrary<string> => {
  switch (type.kind) {
    case 'number': {
      const { integer, min, max, above, below } = type;
      const fits = (v: number): boolean =>
        (min === null || (above ? v > min : v >= min)) && (max === null || (below ? v < max : v <= max));
      const all = [min ?? 0, max ?? 0, 1, 2, 3, ...(integer ? [] : [0.5, 0.01])].filter(fits);
      return fc.constantFrom(...(all.length > 0 ? all : [1]).map(String));
    }
    case 'share': {
      const all = [type.above ? '' : `${type.min * 100}%`, type.below ? '' : `${type.max * 100}%`, '10%', '0.5'];
      return fc.constantFrom(...all.filter((v) => v !== ''));
    }
    case 'pair':
      return fc.constantFrom('1x1', '3x3', '2');
    case 'size':
      return fc.constantFrom('32x32', '64x96');
    case 'choice':
      return fc.constantFrom(...Object.keys(type.words));
    case 'flag':
      return fc.constantFrom('true', 'false');
    case 'text':
      return fc.nat(99).map((n) => `"a${n}"`);
    case 'limits': {
      const unit = type.of === 'degrees' ? 'deg' : type.of === 'share' ? '%' : '';
      const [low, high] = type.of === 'share' ? [type.min * 100, type.max * 100] : [type.min, type.max];
      const inside = Math.max(low, Math.min(high, 10));
      return fc.constantFrom(`${inside}${unit}`, `${inside}${unit}..${high}${unit}`);
    }
    case 'call':
      return fc.constantFrom(...Object.entries(type.words)).chain(([name, inner]) => written(name, inner, false));
    case 'numbers':
      return fc.constantFrom('[1, 2]', '[3]', '[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]');
    case 'texts':
      return fc.constantFrom('["a"]', '["a", "b"]');
    case 'optional':
      return fc.oneof(fc.constant('none'), valueFor(type.type));
    case 'either':
      return fc.oneof(...type.types.map(valueFor));
  }
};

/** `word(key: value, …)` with some of its parameters; wild: now and then with a value of any kind. */
const written = (name: string, { params, needsOne }: Word, wild: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...Object.entries(params).map(([key, { type, default: usual }]) => {
        const all = wild
          ? fc.oneof({ weight: 5, arbitrary: valueFor(type) }, { weight: 1, arbitrary: atom })
          : valueFor(type);
        const must = usual.kind === 'required' || needsOne === true;
        return fc.tuple(fc.boolean(), all).map(([use, v]) => (must || use ? `${key}: ${v}` : ''));
      }),
    )
    .map((args) => {
      const list = args.filter((arg) => arg !== '').join(', ');
      return list === '' ? name : `${name}(${list})`;
    });

/** Different statements of a block, or layers, which may repeat. */
const lines = (words: Words, most: number, wild: boolean, repeat = false): fc.Arbitrary<string> => {
  const plain = Object.entries(words).filter(
    ([name, { block, params }]) =>
      block === undefined && Object.keys(params).length > 0 && !['source', 'classes'].includes(name),
  );
  const statement = fc
    .constantFrom(...plain)
    .chain(([name, each]) => written(name, each, wild).map((text) => ({ name, text })));
  const list = repeat
    ? fc.array(statement, { minLength: 1, maxLength: most })
    : fc.uniqueArray(statement, { maxLength: most, selector: ({ name }) => name });
  return list.map((all) => all.map(({ text }) => text).join('\n  '));
};

const sentences = {
  freeze: fc.constantFrom(
    'freeze none',
    'freeze backbone',
    'freeze backbone except last 1 layers',
    'freeze first 2 layers',
    'freeze all',
  ),
  validation: fc.constantFrom(
    'validation 20% of train',
    'validation test',
    'validation none',
    'validation 10% of train stratified',
  ),
};

/** A whole pipeline of real words: data, network, head, schedule, runs. In half of them all values are of the right kind. */
export const likelyProgram: fc.Arbitrary<string> = fc
  .boolean()
  .chain((wild) =>
    fc.record({
      source: fc.constantFrom('digits', 'cifar10', 'shapes(classes: 3)', 'folder("x")', 'mnist'),
      data: lines(blocks.data, 2, wild),
      validation: sentences.validation,
      augment: lines(blocks.augment, 3, wild, true),
      known: fc.constantFrom('vgg16', 'mobilenetv2', null, null),
      network: lines(blocks.network, 3, wild, true),
      head: lines(blocks.head, 1, wild, true),
      schedule: lines(blocks.schedule, 3, wild),
      freeze: sentences.freeze,
      runs: fc.constantFrom('', 'run "a" {}\nrun "b" continues "a" { augment none }', 'sweep { k in [2, 3] }'),
    }),
  )
  .map(({ source, data, validation, augment, known, network, head, schedule, freeze, runs }) =>
    [
      'param k = 1',
      `data {\n  source ${source}\n  ${validation}\n  ${data}\n}`,
      `augment {\n  ${augment}\n}`,
      known === null ? `backbone cnn {\n  ${network}\n}` : `backbone ${known} { weights none }`,
      `head {\n  global_average_pooling\n  ${head}\n}`,
      `schedule {\n  ${freeze}\n  ${schedule}\n}`,
      runs,
    ].join('\n\n'),
  );
