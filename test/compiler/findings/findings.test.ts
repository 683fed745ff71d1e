// Each rule finds its bad example, is silent on its good one, and has a golden folder that shows what a person sees.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { pipeline } from '../../../src/compiler/findings/example.ts';
import { findRule, rules } from '../../../src/compiler/findings/index.ts';
import { decode, MOST_BYTES } from '../../../src/parser/decode.ts';
import type { Diagnostic, Rule } from '../../../src/parser/diagnostic.ts';
import { renderDiagnostics, summary } from '../../../src/parser/render-diagnostic.ts';
import { fileNotFound, fileTooLarge, notUtf8 } from '../../../src/parser/rules/files.ts';
import { tooManyMistakes, tooManyWords, wordTooLong } from '../../../src/parser/rules/rules.ts';
import type { Source } from '../../../src/parser/source.ts';
import { checkFile } from '../../../src/session/check-file.ts';
import { golden, goldensAreUsed } from '../../support/golden.ts';

const test = suite('rules');

const NAME = 'input.tlp';

interface Seen {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
}

const decoded = (bytes: Uint8Array): Seen => {
  const result = decode(NAME, bytes);
  return { diagnostics: 'diagnostic' in result ? [result.diagnostic] : [], sources: new Map() };
};

/** Findings about files that are no text: how the bad case and the good one come to be. */
const special: Readonly<Record<string, { readonly bad: () => Promise<Seen>; readonly good: () => Promise<Seen> }>> = {
  [fileNotFound.code]: {
    bad: () => checkFile(NAME),
    good: () => checkFile('pipelines/quickstart.tlp'),
  },
  [notUtf8.code]: {
    bad: async () => decoded(Uint8Array.of(0x64, 0x0a, 0xff, 0xfe, 0x0a)),
    good: async () => decoded(Uint8Array.of(0xef, 0xbb, 0xbf, 0x64, 0x0d, 0x0a, 0xc3, 0xa4)),
  },
  [fileTooLarge.code]: {
    bad: async () => decoded(new Uint8Array(MOST_BYTES + 1)),
    good: async () => decoded(new Uint8Array(MOST_BYTES)),
  },
  [tooManyWords.code]: {
    bad: async () => seen(`let x = [${'1, '.repeat(25_000)}]\n`),
    good: async () => seen(pipeline({ data: `class_weights [${'1, '.repeat(10)}]` })),
  },
  [wordTooLong.code]: {
    bad: async () => seen(`import "${'a'.repeat(5000)}"\n`),
    good: async () => seen(`// ${'a'.repeat(5000)}\n${pipeline()}`),
  },
  [tooManyMistakes.code]: {
    bad: async () => {
      const all = seen('epoch 3\n'.repeat(501));
      assert.is(all.diagnostics.length, 501);
      return { ...all, diagnostics: all.diagnostics.slice(-1) };
    },
    good: async () => {
      const all = seen('epoch 3\n'.repeat(490));
      return { ...all, diagnostics: all.diagnostics.filter(({ code }) => code === tooManyMistakes.code) };
    },
  },
};

const readImport = (path: string) =>
  path === NAME ? { name: NAME, text: '', lineStarts: [0] } : { problem: `there is no file ${path}` };
const seen = (text: string): Seen => checkText(text, NAME, { readImport, isThere: (path) => path !== 'nowhere' });
const shown = ({ diagnostics, sources }: Seen): string =>
  `${renderDiagnostics(diagnostics, sources, { color: false })}\n${summary(diagnostics, 1)}\n`;

const folder = (rule: Rule): string => `errors/${rule.code}-${rule.name}`;

test('codes and names are unique and well formed', () => {
  assert.equal(new Set(rules.map((rule) => rule.code)).size, rules.length);
  assert.equal(new Set(rules.map((rule) => rule.name)).size, rules.length);
  for (const rule of rules) {
    assert.match(rule.code, /^TLP\d{4}$/);
    assert.match(rule.name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(rule.summary.endsWith('.') && rule.explanation.endsWith('.'), rule.name);
    assert.is(findRule(rule.code.toLowerCase()), rule);
    assert.is(findRule(rule.name), rule);
  }
});

for (const rule of rules) {
  test(`${rule.code} ${rule.name}: the bad example shows it and nothing else`, async () => {
    const found = (await special[rule.code]?.bad()) ?? seen(rule.bad);
    assert.equal(
      found.diagnostics.map((d) => `${d.code} ${d.name} ${d.severity}`),
      [`${rule.code} ${rule.name} ${rule.severity}`],
      shown(found),
    );
    if (special[rule.code] === undefined) golden(`${folder(rule)}/input.tlp`, rule.bad);
    golden(`${folder(rule)}/output.txt`, shown(found));
  });

  test(`${rule.code} ${rule.name}: the good example is clean`, async () => {
    const found = (await special[rule.code]?.good()) ?? seen(rule.good);
    assert.equal(
      found.diagnostics.map((d) => d.code),
      [],
      shown(found),
    );
  });
}

test('no golden folder without a rule', () => {
  goldensAreUsed(
    'errors',
    rules.flatMap((rule) => [
      ...(special[rule.code] === undefined ? [`${folder(rule)}/input.tlp`] : []),
      `${folder(rule)}/output.txt`,
    ]),
  );
});

test.run();
