// Damaged files: whatever is deleted, doubled or swapped, checking never throws, is quick, and points into the file.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { decode, MOST_BYTES } from '../../../src/parser/decode.ts';
import { lex } from '../../../src/parser/lex.ts';
import { renderDiagnostics } from '../../../src/parser/render-diagnostic.ts';
import { lineAt, sourceOf } from '../../../src/parser/source.ts';

const test = suite('mutations');

const folder = new URL('../../../pipelines/', import.meta.url);
const pipelines = readdirSync(folder)
  .filter((name) => name.endsWith('.tlp'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

/** More constructs than the pipelines have. */
const everything = `import "common.tlp"
let width = 2 * 32
param lr = 1e-3 in 1e-6..1e-1

data { source cifar10; size 64x64; validation 10% of train; normalize torch; limit(train: 100) }
augment { flip horizontal; zoom 80%..120% (keep_aspect: false); mixup 0.2 }
backbone cnn {
  conv width 3x3 same relu (stride: 2x2, kernel_regularizer: l2(1e-4))
  repeat 2 { add { {} { conv 64 3x3 same } } }
  concatenate { { max_pool 2x2 } { average_pool 2x2 } }
}
backbone resnet50 "deep" { weights imagenet }
freeze backbone except last 4 layers { batch_norm inference }
head a { flatten; dropout 50% }
head b { global_average_pooling }
schedule {
  batch 64
  learning_rate cosine(final: 1%)
  lr(head: 1e-3, backbone: 1e-5)
  clip global_norm 1
  stage "one" { freeze backbone; epochs 10; optimizer sgd(lr: lr, momentum: 90%) }
  stage "two" { epochs 5; optimizer adamw; checkpoint(monitor: val_accuracy) }
}
run "A" { backbone cnn; head a; freeze none }
run "B" continues "A" { backbone cnn; head b; seed 7; augment none }
sweep { lr in [1e-2, 1e-3] }
`;

/** Of the processor: a neighbour's work does not count. */
const millisecondsSince = (begin: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
};

const check = (text: string, what: string): void => {
  const begin = process.cpuUsage();
  let result: ReturnType<typeof checkText>;
  try {
    result = checkText(text, 'mutated.tlp');
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.stack : String(error)}\n${text}`);
  }
  assert.ok(millisecondsSince(begin) < 5000, `${what} took too long`);
  for (const { span, related = [] } of result.diagnostics) {
    for (const { file, start, end } of [span, ...related.map((r) => r.span)]) {
      const source = result.sources.get(file);
      assert.ok(source !== undefined, `${what}: no source ${file}`);
      assert.ok(Number.isInteger(start) && Number.isInteger(end), `${what}: ${start}..${end}`);
      assert.ok(start >= 0 && start <= end && end <= source.text.length, `${what}: ${start}..${end}`);
      for (const at of [start, end]) {
        const code = source.text.charCodeAt(at);
        assert.not.ok(at > 0 && code >= 0xdc00 && code <= 0xdfff, `${what}: cuts a character`);
      }
    }
  }
  assert.type(renderDiagnostics(result.diagnostics, result.sources, { color: true }), 'string');
};

for (const { name, text } of [...pipelines, { name: 'everything', text: everything }]) {
  // Every token; a sample of the pipelines that stand for much the same in another, so that the suite stays quick.
  const stride = name.includes('-clean') || name.startsWith('resnet50-gap') ? 8 : 1;

  test(`${name}: tokens deleted, doubled, swapped with the next`, () => {
    const tokens = lex(sourceOf(name, text)).tokens.filter((token) => token.image !== '');
    for (const [i, token] of tokens.entries()) {
      if (i % stride !== 0) continue;
      const start = token.startOffset;
      const end = start + token.image.length;
      const what = `${name}: ${JSON.stringify(token.image)} at ${start}`;
      check(text.slice(0, start) + text.slice(end), `${what} deleted`);
      check(text.slice(0, end) + token.image + text.slice(end), `${what} doubled`);
      const next = tokens[i + 1];
      if (next === undefined) continue;
      const nextEnd = next.startOffset + next.image.length;
      const between = text.slice(end, next.startOffset);
      check(text.slice(0, start) + next.image + between + token.image + text.slice(nextEnd), `${what} swapped`);
    }
  });

  test(`${name}: cut at each offset`, () => {
    for (let end = 0; end < text.length; end += 7 * stride) check(text.slice(0, end), `cut at ${end}`);
  });
}

test('strange texts', () => {
  const strange = [
    '😀'.repeat(50),
    'data { source "😀\n😀" }',
    '\ufeffdata { source digits }',
    'data {\r\n  source digits\r\n}\r\n',
    '}{)(][,:=..+-*/',
    '{'.repeat(300),
    '('.repeat(300),
    '{'.repeat(100_000),
    `let x = ${'('.repeat(100_000)}`,
    `let x = 1${' + 1'.repeat(3000)}`,
    `head { ${'add { { '.repeat(45)}`,
    `data { source ${'('.repeat(200)}`,
    `let x = ${'('.repeat(200)}1${')'.repeat(200)}`,
    'let x = x\nlet y = z + y',
    `head { ${'dense 3; '.repeat(2000)} }`,
    'a'.repeat(1_000_000),
    'run continues "a"',
    'backbone',
    'sweep { x in }',
    'param p = 1 in\nimport\nlet\nlet x\nlet x =',
    'head { add { add { add { } } } }',
    'head { repeat 1000 { repeat 1000 { repeat 1000 { flatten } } } }',
    'let n = 1e308 * 10\nlet m = 1 / 0',
    'data { size 0x0 }',
    'data { size 99999999999999999999x1 }',
    'schedule { batch 1e99; epochs -3 }',
    '// only a comment',
    '\u0000\u0001\u0002',
    '__proto__ { constructor 1 }\nlet __proto__ = 1\nhead { dense(__proto__: 1); toString 3 }\nbackbone constructor { }',
  ];
  for (const text of strange) check(text, JSON.stringify(text.slice(0, 40)));
});

/** The same file as other editors and systems write it. */
const guises: Readonly<Record<string, (text: string) => string>> = {
  'line ends of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'line ends of old Macs': (text) => text.replaceAll('\n', '\r'),
  'a byte order mark': (text) => `\ufeff${text}`,
  tabs: (text) => text.replaceAll('  ', '\t'),
  'spaces that do not break': (text) => text.replaceAll('  ', '\u00a0 '),
  'emoji in comments': (text) => text.replaceAll(/$/gm, ' // 🦊👩‍🚀 é').replaceAll('// // ', '// '),
  'no line end at the end': (text) => text.trimEnd(),
};

for (const [guise, change] of Object.entries(guises)) {
  test(`${guise}: the same plan, the same findings on the same lines`, () => {
    const shown = (text: string, name: string) => {
      const { plan, diagnostics, sources } = checkText(text, name);
      const at = diagnostics.map((d) => `${lineAt(sources.get(name)!, d.span.start)} ${d.code} ${d.message}`);
      return { plan, at };
    };
    for (const { name, text } of pipelines) {
      check(change(text), `${name} with ${guise}`);
      assert.equal(shown(change(text), name), shown(text, name), `${name} with ${guise}`);
    }
  });
}

const noiseOf = (size: number): string => {
  let state = 1;
  let noise = '';
  while (noise.length < size) {
    state = (state * 1103515245 + 12345) % 2147483648;
    noise += String.fromCharCode(32 + (state % 95));
  }
  return noise;
};

/** Milliseconds of the processor that checking takes; far less than this. */
const quick = (text: string, most: number): void => {
  const begin = process.cpuUsage();
  assert.ok(checkText(text, 'long.tlp').diagnostics.length > 0);
  const time = millisecondsSince(begin);
  assert.ok(time < most, `${JSON.stringify(text.slice(0, 40))} took ${time} ms`);
};

test('lines of a megabyte', () => {
  for (const text of ['"'.repeat(2 ** 20), `let a = ${'1'.repeat(2 ** 20)}`, `head { ${'dense 3; '.repeat(2 ** 16)}}`])
    quick(text, 30_000);
});

test('a sum of very many numbers is no deeper than another', () => {
  quick(`let a = ${'1 + '.repeat(2 ** 17)}1`, 15_000);
});

test('noise: as much as a file may hold is quick, ten megabytes are refused at once', () => {
  const noise = noiseOf(MOST_BYTES);
  quick(noise, 10_000);
  const begin = process.cpuUsage();
  const decoded = decode('noise.tlp', Buffer.alloc(10 * 2 ** 20, noise));
  assert.ok('diagnostic' in decoded && decoded.diagnostic.name === 'file-too-large');
  assert.ok(millisecondsSince(begin) < 500);
});

test.run();
