// The packed extension: layout of a VSIX, a manifest that names only what is there, settings that an editor can read.
import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import textmate from 'vscode-textmate';
import { packVsix } from '../../scripts/pack-vscode.ts';

const test = suite('vsix');

const root = new URL('../../', import.meta.url);
const { name, bytes } = packVsix();
const files = unzipSync(bytes);
const text = (path: string): string => {
  const found = files[path];
  if (found === undefined) throw new Error(`${path} is not in the archive`);
  return strFromU8(found);
};
const json = (path: string): unknown => JSON.parse(text(path));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly icon: string;
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly configuration: string; readonly icon: object }[];
    readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
    readonly snippets: readonly { readonly path: string }[];
  };
}
const manifest = json('extension/package.json') as Manifest;

test('layout: manifest, content types, and everything else in extension/', () => {
  const outside = Object.keys(files).filter((path) => !path.startsWith('extension/'));
  assert.equal(outside.sort(), ['[Content_Types].xml', 'extension.vsixmanifest']);
  assert.is(name, `tlp-${manifest.version}.vsix`);
});

test('the manifest of the archive speaks of the same extension, and its assets are there', () => {
  const xml = text('extension.vsixmanifest');
  const [, id, version, publisher] =
    /<Identity Language="en-US" Id="(.*?)" Version="(.*?)" Publisher="(.*?)"\/>/.exec(xml) ?? [];
  assert.equal([id, version, publisher], [manifest.name, manifest.version, manifest.publisher]);
  const paths = [...xml.matchAll(/(?:Path="|<(?:License|Icon)>)(extension\/[^"<]+)/g)].map((m) => m[1]!);
  assert.ok(paths.includes('extension/package.json') && paths.length === 6);
  for (const path of paths) assert.ok(files[path] !== undefined, path);
});

test('every file has a content type', () => {
  const xml = text('[Content_Types].xml');
  for (const path of Object.keys(files).filter((file) => file !== '[Content_Types].xml')) {
    assert.ok(xml.includes(`Extension="${path.slice(path.lastIndexOf('.'))}"`), path);
  }
});

test('every file that package.json names is there', () => {
  const { languages, grammars, snippets } = manifest.contributes;
  const named = [
    manifest.icon,
    ...languages.flatMap((l) => [l.configuration, ...Object.values(l.icon as Readonly<Record<string, string>>)]),
    ...[...grammars, ...snippets].map((part) => part.path),
  ];
  for (const path of named) assert.ok(files[`extension/${path.replace('./', '')}`] !== undefined, path);
  assert.is(grammars[0]!.language, languages[0]!.id);
});

test('the grammar is the one of the project, and its scope the one that is named', () => {
  const packed = text('extension/syntaxes/tlp.tmLanguage.json');
  assert.is(packed, readFileSync(new URL('grammar/tlp.tmLanguage.json', root), 'utf8'));
  assert.is(
    (JSON.parse(packed) as { readonly scopeName: string }).scopeName,
    manifest.contributes.grammars[0]!.scopeName,
  );
});

test('the version is that of tlp', () => {
  const own = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
  assert.is(manifest.version, own.version);
});

test('the patterns of the language configuration do what they are for', () => {
  const settings = json('extension/language-configuration.json') as {
    readonly wordPattern: string;
    readonly indentationRules: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
  };
  const { increaseIndentPattern, decreaseIndentPattern } = settings.indentationRules;
  const increase = new RegExp(increaseIndentPattern);
  for (const line of ['data {', 'run "a {" {', '  stage "x" { // first', 'shapes('])
    assert.ok(increase.test(line), line);
  for (const line of ['head { flatten }', '// data {', 'run "a {"', 'epochs 3', '}'])
    assert.not(increase.test(line), line);
  const decrease = new RegExp(decreaseIndentPattern);
  assert.ok(decrease.test('  }') && !decrease.test('epochs 3 }'));
  const words = 'early_stopping 20deg 1e-3 50% 3x3'.match(new RegExp(settings.wordPattern, 'g'));
  assert.equal(words, ['early_stopping', '20deg', '1e-3', '50%', '3x3']);
});

test('long lines do not hang the indentation pattern', () => {
  const settings = json('extension/language-configuration.json') as {
    readonly indentationRules: { readonly increaseIndentPattern: string };
  };
  const increase = new RegExp(settings.indentationRules.increaseIndentPattern);
  const start = process.cpuUsage();
  increase.test('x "a" '.repeat(2000));
  increase.test('x'.repeat(5000));
  increase.test('"'.repeat(2000));
  const { user } = process.cpuUsage(start);
  assert.ok(user < 500_000, `${user} µs of the processor`);
});

test('the same files make the same bytes', () => {
  assert.equal(packVsix().bytes, bytes);
});

test('the TextMate bundle holds the same grammar', () => {
  const path = 'editors/tlp.tmbundle/Syntaxes/tlp.tmLanguage';
  const fromPlist = textmate.parseRawGrammar(readFileSync(new URL(path, root), 'utf8'), path);
  const fromJson = textmate.parseRawGrammar(text('extension/syntaxes/tlp.tmLanguage.json'), 'tlp.json');
  assert.is(fromPlist.scopeName, fromJson.scopeName);
  assert.equal(fromPlist.patterns, fromJson.patterns);
});

test.run();
