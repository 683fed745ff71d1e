// Snippets of the editor: filled in as they stand, they are right; every place to fill in is in its order.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { templates } from '../../bin/commands/templates.ts';
import { type Snippet, snippets } from '../../scripts/generate/snippets.ts';
import { checkText } from '../../src/compiler/check.ts';
import { blocks } from '../../src/compiler/vocabulary/blocks.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { fileAround } from '../support/snippet.ts';

const test = suite('snippets');

/** What an editor inserts when every stop is left as it is: the default, or the first choice. */
const inserted = ({ body }: Snippet): string =>
  body
    .join('\n')
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}])*)\}/g, '$1')
    .replace(/\$0/g, '')
    .replace(/\\([\\$}])/g, '$1');

const all = Object.entries(snippets());

/** Parts need others around them. */
const around: Readonly<Record<string, (text: string) => string>> = {
  data: (text) => `${text}\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\n`,
  augment: (text) =>
    `data { source cifar10; validation 10% of train }\n${text}\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\n`,
  backbone: (text) =>
    `data { source cifar10; size 96x96 }\n${text}\nfreeze backbone\nhead { global_average_pooling }\n`,
  'own backbone': (text) => `data { source digits }\n${text}\nhead { flatten }\n`,
  freeze: (text) => `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\n${text}\nhead { flatten }\n`,
  'freeze except': (text) =>
    `data { source cifar10; size 96x96 }\nbackbone mobilenetv2 { weights none }\n${text}\nhead { global_average_pooling }\n`,
  head: (text) => `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\n${text}\n`,
  schedule: (text) => `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\n${text}\n`,
  stage: (text) =>
    `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\nschedule {\n${text}\n}\n`,
  run: (text) => `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\n${text}\n`,
  'run continues': (text) =>
    `data { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\nrun "other" { epochs 1 }\n${text}\n`,
  let: (text) =>
    `${text.replace('value', '32')}\ndata { source digits }\nbackbone cnn { conv name 3x3 relu }\nhead { flatten }\n`,
  param: (text) =>
    `${text}\ndata { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\nschedule { optimizer adam(lr: lr) }\n`,
  import: (text) => `${text}\nhead { flatten }\n`,
  sweep: (text) =>
    `param lr = 1e-3\ndata { source digits }\nbackbone cnn { conv 16 3x3 relu }\nhead { flatten }\nschedule { optimizer adam(lr: lr) }\n${text}\n`,
};

/** Words that need layers beside them. */
const before: Readonly<Record<string, string>> = {
  reshape: 'global_average_pooling\n',
  add: 'conv 32 3x3 same\n',
  multiply: 'conv 16 3x3 same\n',
  weights: 'conv 32 3x3\n',
};

const fileOf = (name: string, text: string): string => {
  if (name.startsWith('pipeline ')) return text;
  const part = around[name];
  if (part !== undefined) return part(text);
  if (Object.hasOwn(blocks.data, name)) return fileAround('data', text);
  if (Object.hasOwn(blocks.augment, name)) return fileAround('augment', text);
  if (Object.hasOwn(blocks.schedule, name)) return fileAround('schedule', text);
  return name === 'dense' ? fileAround('head', text) : fileAround('layers', `${before[name] ?? ''}${text}`);
};

for (const [name, snippet] of all) {
  test(name, () => {
    const text = fileOf(name, inserted(snippet));
    const { diagnostics, sources } = checkText(text, 'snippet.tlp', {
      readImport: (path) => sourceOf(path, 'data { source digits }\nbackbone cnn { conv 16 3x3 }\n'),
    });
    assert.equal(
      diagnostics.map((d) => d.code),
      [],
      renderDiagnostics(diagnostics, sources, { color: false }),
    );
    const stops = [...snippet.body.join('\n').matchAll(/\$\{?(\d+)/g)]
      .map((m) => Number(m[1]))
      .filter((stop) => stop > 0);
    assert.equal(
      stops,
      stops.map((_, i) => i + 1),
      'stops are numbered as they stand',
    );
  });
}

test('every template is a snippet, letter by letter', () => {
  for (const [name, { text }] of Object.entries(templates)) {
    const snippet = snippets()[`pipeline ${name}`]!;
    assert.is(inserted(snippet).replaceAll('\t', '  '), text.trimEnd());
  }
});

test('every word of data, augment, layers and schedule has one', () => {
  for (const block of ['data', 'augment', 'network', 'schedule'] as const) {
    for (const word of Object.keys(blocks[block])) assert.ok(Object.hasOwn(snippets(), word), word);
  }
});

test.run();
