// Every snippet of the documents is compiled: the checker has nothing to say, or exactly the finding that the fence names.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { type Source, sourceOf } from '../../src/parser/source.ts';
import { fileAround, isPlace } from '../support/snippet.ts';

const root = new URL('../../', import.meta.url);

interface Snippet {
  readonly line: number;
  readonly place: string;
  readonly text: string;
}

const snippets = (page: string): readonly Snippet[] =>
  [...page.matchAll(/^```tlp(?: (\S+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    place: match[1] ?? 'file',
    text: match[2]!,
  }));

const NAME = 'input.tlp';
const imported: Readonly<Record<string, Source>> = {
  'common.tlp': sourceOf(
    'common.tlp',
    'data { source digits; validation 15% of train }\nbackbone cnn { conv 16 3x3 }\n',
  ),
  // A file that imports itself.
  [NAME]: sourceOf(NAME, ''),
};

/** Documents, and how many snippets they hold at least: fewer means that the reader of fences lost them. */
const documents: readonly (readonly [string, number])[] = [
  ['README.md', 1],
  ['docs/language.md', 90],
  ['docs/findings.md', 100],
];

for (const [path, least] of documents) {
  const page = readFileSync(new URL(path, root), 'utf8');
  const test = suite(path);

  test('has its snippets', () => {
    const fences = page.match(/^```tlp/gm)?.length ?? 0;
    assert.is(snippets(page).length, fences);
    assert.ok(fences >= least, `${fences} snippets`);
  });

  test('snippets compile', () => {
    for (const { line, place, text } of snippets(page)) {
      const isCode = /^TLP\d{4}$/.test(place);
      assert.ok(isCode || isPlace(place), `${path}:${line}: there is no place ${place}`);
      const { diagnostics, sources } = checkText(fileAround(isCode ? 'file' : place, text), NAME, {
        readImport: (file) => imported[file] ?? { problem: `there is no file ${file}` },
        isThere: (file) => file !== 'nowhere',
      });
      const codes = diagnostics.map((d) => d.code);
      const said = `${path}:${line}\n${renderDiagnostics(diagnostics, sources, { color: false })}`;
      assert.equal(codes, isCode ? [place] : [], said);
    }
  });

  test('links lead somewhere', () => {
    if (!path.startsWith('docs/')) return;
    const anchors = new Set(
      [...page.matchAll(/^#+ (.+)$/gm)].map((m) =>
        m[1]!
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    for (const [, to] of page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(to!)) continue;
      const [file, anchor] = to!.split('#');
      if (file === '') assert.ok(anchors.has(anchor!), `${path}: ${to}`);
      else assert.ok(existsSync(new URL(file!, new URL(path, root))), `${path}: ${to}`);
    }
  });

  test.run();
}
