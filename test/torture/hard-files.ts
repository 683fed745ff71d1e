// Table: texts of under a megabyte that are hard to read, to expand or to check. Each is one of a kind.

export interface HardFile {
  /** What is hard about it. */
  readonly name: string;
  /** The main file. */
  readonly text: string;
  /** Files that it imports, by name. */
  readonly imports?: ReadonlyMap<string, string>;
}

const times = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const DATA = 'data { source digits }\n';
const CNN = 'backbone cnn { conv 8 3x3 same relu; max_pool 2x2 }\n';
const HEAD = 'head { flatten }\n';

/** A whole pipeline with these lines around it. */
const whole = (before: string, after = ''): string => `${before}${DATA}${CNN}${HEAD}${after}`;

const longName = `c${'a'.repeat(4000)}`;

/** `let a0 = [1]`, then each name twice in the next: 2^n values. */
const doubling = (count: number): string =>
  `let a0 = [1, 1]\n${times(count, (i) => `let a${i + 1} = [a${i}, a${i}]\n`)}`;

const nestedRepeat = (depth: number, open: string, close: string): string =>
  `${DATA}backbone cnn { ${open.repeat(depth)} conv 2 1x1 same ${close.repeat(depth)} }\nhead { global_average_pooling }\n`;

const swept = (runs: number, values: number): string =>
  whole(
    'param rate = 50%\n',
    `schedule { epochs 1 }\n${times(runs, (i) => `run "r${i}" { seed ${i} }\n`)}sweep { rate in 0%..${values / 1000}% step 0.001% }\n`,
  ).replace('flatten', 'flatten; dropout rate');

const manyRuns = (count: number, run: (i: number) => string): string => whole('', times(count, run));

const chain = (count: number): HardFile => ({
  name: `a chain of ${count} imports`,
  text: whole('import "f0.tlp"\n'),
  imports: new Map(
    Array.from({ length: count }, (_, i) => [`f${i}.tlp`, i + 1 < count ? `import "f${i + 1}.tlp"\n` : 'seed 3\n']),
  ),
});

/** Lines that are hard one by one: as many as a megabyte holds, and as many as a file may hold. `words`: of each line, its end included. */
const lines = (name: string, words: number, line: (i: number) => string): readonly HardFile[] => {
  const size = Buffer.byteLength(line(99_999));
  return [
    { name, text: times(Math.floor(999_000 / size), line) },
    { name: `${name}, as many as may be`, text: times(Math.floor(Math.min(49_900 / words, 999_000 / size)), line) },
  ];
};

export const hardFiles: readonly HardFile[] = [
  {
    name: 'a freeze pattern of many stars',
    text: whole(`freeze backbone except "${'a*'.repeat(30)}b"\n`).replace(
      'same relu',
      `same relu (name: "${longName}")`,
    ),
  },
  {
    name: 'a freeze pattern of 1,000 stars',
    text: whole(`freeze backbone except "${'*a'.repeat(1000)}b"\n`).replace(
      'same relu',
      `same relu (name: "c${'a'.repeat(4000)}")`,
    ),
  },
  {
    name: 'a freeze pattern of 100,000 stars',
    text: whole(`freeze backbone except "${'*a'.repeat(100_000)}b"\n`).replace(
      'same relu',
      `same relu (name: "c${'a'.repeat(300_000)}")`,
    ),
  },
  { name: 'lists that double 40 times', text: whole(doubling(40)) },
  {
    name: 'lists that double 40 times, and are used',
    text: whole(doubling(40)).replace('source digits', 'source digits; class_weights a40'),
  },
  { name: 'ranges that double', text: whole(`let a0 = 1..2\n${times(40, (i) => `let a${i + 1} = a${i}..a${i}\n`)}`) },
  { name: 'repeat nested 30 deep with branches of add', text: nestedRepeat(30, 'repeat 2 { add { {} { ', ' } } }') },
  { name: 'repeat nested 45 deep', text: nestedRepeat(45, 'repeat 2 { ', ' }') },
  {
    name: 'repeat nested 20 deep with branches of concatenate',
    text: nestedRepeat(20, 'concatenate { {} { repeat 3 { ', ' } } }'),
  },
  {
    name: 'repeat 10000 of a branch of 3000 layers',
    text: `${DATA}backbone cnn { repeat 10000 { add { {} { ${'conv 2 1x1 same; '.repeat(3000)} } } } }\nhead { global_average_pooling }\n`,
  },
  {
    name: 'a network of 4,900 layers',
    text: `${DATA}backbone cnn { ${'conv 2 1x1 same; '.repeat(4900)} }\nhead { global_average_pooling }\n`,
  },
  {
    name: 'a network of 50,000 layers, written out',
    text: `${DATA}backbone cnn { ${'conv 2 1x1 same; '.repeat(50_000)} }\nhead { global_average_pooling }\n`,
  },
  {
    name: 'a network of 4,900 layers in many runs',
    text: `${DATA}backbone cnn { ${'conv 2 1x1 same; '.repeat(4900)} }\nhead { global_average_pooling }\n${times(1000, (i) => `run "r${i}" { freeze first ${i} layers }\n`)}`,
  },
  {
    name: 'a network of 4,900 layers in 100 stages',
    text: `${DATA}backbone cnn { ${'conv 2 1x1 same; '.repeat(4900)} }\nhead { global_average_pooling }\nschedule { ${times(100, (i) => `stage "s${i}" { freeze first ${i} layers; epochs 1 }\n`)} }\n`,
  },
  { name: 'a sweep of 10,000 with several runs', text: swept(5, 10_000) },
  { name: 'a sweep of 200 with five runs', text: swept(5, 199) },
  {
    name: 'a sweep of 200 networks of 400 layers',
    text: `param n = 1\n${DATA}backbone cnn { ${'conv n 1x1 same; '.repeat(400)} }\n${HEAD}sweep { n in 1..200 step 1 }\n`,
  },
  {
    name: 'a sweep of 1,000 networks of 4,900 layers',
    text: `param n = 1\n${DATA}backbone cnn { ${'conv n 1x1 same; '.repeat(4900)} }\n${HEAD}sweep { n in 1..1000 step 1 }\n`,
  },
  {
    name: 'a sweep of 999 values written out',
    text: whole('param rate = 50%\n', `sweep { rate in [${times(999, (i) => `${i / 1000}%, `)}] }\n`).replace(
      'flatten',
      'flatten; dropout rate',
    ),
  },
  {
    name: 'a sweep of 100 by 100 by 1000',
    text: whole(
      'param a = 1\nparam b = 1\nparam c = 1\n',
      'sweep { a in 1..100 step 1; b in 1..100 step 1; c in 1..1000 step 1 }\n',
    ),
  },
  { name: 'a sweep in steps of nothing', text: whole('param a = 1\n', 'sweep { a in 1..1e300 step 1e-300 }\n') },
  {
    name: 'many sweeps of one value',
    text: whole(
      times(3000, (i) => `param a${i} = 1\n`),
      `sweep { ${times(3000, (i) => `a${i} in [2]; `)} }\n`,
    ),
  },
  {
    name: 'a long let list, swept over',
    text: whole(`let l = [${times(10_000, (i) => `${i}, `)}]\nparam a = 1\n`, 'sweep { a in l }\n'),
  },
  ...lines('lines of a quote', 2, () => '"\n'),
  ...lines('lines of let', 2, () => 'let\n'),
  ...lines('lines of one let', 5, () => 'let a = 1\n'),
  ...lines('lines of many lets', 5, (i) => `let a${i} = ${i}\n`),
  ...lines('lines of params', 5, (i) => `param a${i} = ${i}\n`),
  ...lines('lines of an unknown word', 2, () => 'epoch\n'),
  ...lines('lines of many unknown words', 2, (i) => `wrd${i}\n`),
  ...lines('lines of a letter', 2, () => 'a\n'),
  ...lines('lines of a closing brace', 2, () => '}\n'),
  ...lines('lines of an open bracket', 2, () => '(\n'),
  ...lines('calls that are not closed', 3, () => 'a(\n'),
  ...lines('lists that are not closed', 5, () => 'let a = [\n'),
  ...lines('closers', 2, () => ')]'),
  ...lines('pairs of wrong brackets', 2, () => '[)'),
  ...lines('open and closed braces', 2, () => '{}'),
  ...lines('parts without a block', 2, () => 'data\n'),
  ...lines('heads and no backbone', 5, () => 'head{flatten}\n'),
  ...lines('equal signs', 4, () => 'epochs = 3\n'),
  ...lines('equal signs alone', 2, () => '=\n'),
  ...lines('strange characters between spaces', 1, () => '€ '),
  ...lines('comments', 1, () => '//\n'),
  ...lines('empty lines', 1, () => '\n'),
  ...lines('semicolons', 1, () => ';'),
  ...lines('ignore comments', 1, () => '// tlp-ignore unused-part: x\n'),
  ...lines('ignore comments and findings', 6, (i) => `// tlp-ignore unused-part: x\nlet abcde${i} = 1\n`),
  ...lines('imports that are not there', 3, (i) => `import "g${i}.tlp"\n`),
  ...lines('runs without a name', 6, () => 'run { epochs 1 }\n'),
  ...lines('runs of one name', 5, () => 'run "a" { }\n'),
  ...lines('rules', 3, () => 'rules { unused_part off }\n'),
  ...lines('words swapped', 3, (i) => `x${i} y${i}\n`),
  ...lines('long words, misspelt', 2, (i) => `${'globalaveragepoling'.repeat(3)}${i}\n`),
  ...lines('sweeps', 6, (i) => `sweep { a${i} in [1] }\n`),
  ...lines('stages at the top', 4, () => 'stage "a" { }\n'),
  ...lines('freezes', 3, () => 'freeze everything\n'),
  ...lines('calls', 5, () => 'a(b: 1)\n'),
  { name: '500,000 quotes on one line', text: '"'.repeat(999_999) },
  {
    name: 'lines of lets, each of the one before',
    text: `let a0 = 1\n${times(40_000, (i) => `let a${i + 1} = a${i} + 1\n`)}`,
  },
  { name: 'strange characters on one line', text: '€'.repeat(330_000) },
  { name: 'a settings block of doubles', text: `${DATA}${CNN}${HEAD}schedule { ${'epochs 3\n'.repeat(100_000)} }` },
  {
    name: 'statements doubled with long values',
    text: `${DATA}${CNN}${HEAD}schedule { ${`epochs [${'1,'.repeat(400)}]\n`.repeat(1000)} }`,
  },
  {
    name: 'a sum of 20,000 terms twice',
    text: `${DATA}${CNN}${HEAD}schedule { epochs 1${'+1'.repeat(10_000)}\nepochs 1${'+1'.repeat(10_000)}\n }`,
  },
  { name: 'a sum of 5,000 terms', text: whole(`let a = 1${'+1'.repeat(5000)}\n`, 'schedule { epochs a }\n') },
  { name: 'a sum of 400,000 terms', text: whole(`let a = 1${' +1'.repeat(300_000)}\n`, 'schedule { epochs a }\n') },
  { name: 'a sum in a statement', text: whole('', `schedule { epochs 1${' + 1'.repeat(5000)} }\n`) },
  {
    name: 'a sum twice in a block',
    text: whole('', `schedule { epochs 1${' + 1'.repeat(5000)}; epochs 1${' + 1'.repeat(5000)} }\n`),
  },
  { name: 'a sum in a param', text: whole(`param a = 1${' + 1'.repeat(5000)} in 1${' + 1'.repeat(5000)}..9\n`) },
  { name: 'a product of names', text: whole(`let b = 1\nlet a = b${' * b'.repeat(200_000)}\n`) },
  {
    name: 'a list of 400,000',
    text: whole('').replace('source digits', `source digits; class_weights [${'1,'.repeat(400_000)}]`),
  },
  {
    name: 'a call of 100,000 arguments',
    text: whole('').replace('flatten', `flatten; dense(${times(60_000, (i) => `units: ${i}, `)})`),
  },
  {
    name: 'a call of 60,000 unknown arguments',
    text: whole('').replace('flatten', `flatten; dense 3 (${times(60_000, (i) => `unit${i}: 1, `)})`),
  },
  {
    name: 'a statement of 300,000 values',
    text: whole('').replace('flatten', `flatten; dense ${'1 '.repeat(300_000)}`),
  },
  chain(3000),
  chain(10_000),
  {
    name: 'imports of one file',
    text: whole('import "a.tlp"\n'.repeat(60_000)),
    imports: new Map([['a.tlp', 'seed 1\n']]),
  },
  {
    name: '10,000 imported files',
    text: whole(times(10_000, (i) => `import "f${i}.tlp"\n`)),
    imports: new Map(Array.from({ length: 10_000 }, (_, i) => [`f${i}.tlp`, `let v${i} = 1\n`])),
  },
  { name: '1,000 runs', text: manyRuns(1000, (i) => `run "r${i}" { epochs 1 }\n`) },
  { name: '10,000 runs', text: manyRuns(10_000, (i) => `run "r${i}" { epochs 1 }\n`) },
  { name: '30,000 runs', text: manyRuns(30_000, (i) => `run "r${i}" { epochs 1 }\n`) },
  {
    name: '1,000 runs that continue each other',
    text: manyRuns(1000, (i) => `run "r${i}"${i > 0 ? ` continues "r${i - 1}"` : ''} { epochs 1 }\n`),
  },
  {
    name: '1,000 runs that continue the next',
    text: manyRuns(1000, (i) => `run "r${i}" continues "r${i + 1}" { epochs 1 }\n`),
  },
  {
    name: '1,000 runs that continue nothing',
    text: manyRuns(1000, (i) => `run "r${i}" continues "s${i}" { epochs 1 }\n`),
  },
  {
    name: '1,000 runs of weights of the one before',
    text: manyRuns(1000, (i) => `run "r${i}" { ${i > 0 ? `weights run("r${i - 1}")` : 'epochs 1'} }\n`),
  },
  {
    name: '10,000 runs with their own network',
    text: `${DATA}${times(10_000, (i) => `run "r${i}" { backbone b${i} { conv ${1 + i} 3x3 same }; head { flatten } }\n`)}`,
  },
  {
    name: '10,000 runs with unknown heads',
    text: `${DATA}${CNN}${times(10_000, (i) => `run "r${i}" { head h${i} }\n`)}${times(2000, (i) => `head g${i} { flatten }\n`)}`,
  },
  {
    name: '20,000 heads',
    text: whole(
      '',
      times(20_000, (i) => `head h${i} { flatten; dense 8 }\n`),
    ),
  },
  {
    name: '10,000 heads, and runs that do not say which',
    text: `${DATA}${CNN}${times(10_000, (i) => `head h${i} { flatten }\n`)}${'run { epochs 1 }\n'.repeat(10_000)}`,
  },
  { name: '15,000 stages', text: whole('', `schedule { ${times(15_000, (i) => `stage "s${i}" { epochs 1 }\n`)} }`) },
  {
    name: '300 runs of 300 stages',
    text: whole(
      '',
      `schedule { ${times(300, (i) => `stage "s${i}" { epochs 1; freeze first ${i % 2} layers }\n`)} }\n${times(3000, (i) => `run "r${i}" { }\n`)}`,
    ),
  },
  { name: '15,000 augmentations', text: whole(`augment { ${'rotate 10deg\n'.repeat(15_000)} }\n`) },
  { name: '10,000 rules', text: whole(`rules { ${times(40_000, () => 'unused-part off\n')} }\n`) },
  { name: '40,000 unknown rules', text: whole(`rules { ${times(40_000, (i) => `rule${i} off\n`)} }\n`) },
  { name: 'a word of a megabyte', text: 'a'.repeat(999_999) },
  { name: 'a number of a megabyte', text: `let a = ${'1'.repeat(999_000)}` },
  { name: 'sizes of a megabyte', text: `let a = 1${'x1'.repeat(490_000)}` },
  { name: 'a name of a megabyte, misspelt', text: whole('', `schedule { epochs "${'a'.repeat(900_000)}" }\n`) },
  {
    name: 'long names of layers, and a pattern that is none of them',
    text: `${DATA}backbone cnn { ${times(900, (i) => `conv 2 1x1 same (name: "${'a'.repeat(500)}${i}")\n`)} }\nfreeze backbone except from ${'b'.repeat(400_000)}\n${HEAD}`,
  },
  {
    name: 'equal names of layers',
    text: `${DATA}backbone cnn { ${'conv 2 1x1 same (name: "a")\n'.repeat(9000)} }\n${HEAD}`,
  },
  { name: 'a layer of two terabytes', text: whole('').replace('flatten', 'flatten; dense 1000000; dense 1000000') },
  { name: 'branches', text: `${DATA}backbone cnn { add { ${'{ conv 2 1x1 same } '.repeat(4900)} } }\n${HEAD}` },
  {
    name: 'empty branches',
    text: `${DATA}backbone cnn { conv 2 1x1 same; add { ${'{} '.repeat(300_000)} } }\n${HEAD}`,
  },
  {
    name: 'joins of nothing',
    text: `${DATA}backbone cnn { conv 2 1x1 same; ${'add{{}{}}\n'.repeat(90_000)} }\n${HEAD}`,
  },
  {
    name: 'concatenations that double the channels',
    text: `${DATA}backbone cnn { conv 2 1x1 same; ${'concatenate { {} {} }\n'.repeat(40)} }\n${HEAD}`,
  },
];
