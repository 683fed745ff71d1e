// docs/from-notebooks.md: its counts are counted again, its findings are those of `tlp check`, its snippets are lines of
// programs that compile, or compile themselves.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';

const docs = suite('docs: from notebooks');

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/from-notebooks.md');
const pipelines = readdirSync(new URL('../../pipelines/', import.meta.url)).filter((name) => name.endsWith('.tlp'));
const notebooks = readdirSync(new URL('../../docs/notebooks/', import.meta.url)).filter((name) => name.endsWith('.py'));

/** Lines that are neither empty nor a comment. */
const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line));
const count = (path: string): number => linesOf(read(path)).length;

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly at: number;
}
const fences: readonly Fence[] = [...page.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map((match) => ({
  info: match[1]!,
  text: match[2]!,
  at: match.index,
}));

docs('the table counts every notebook', () => {
  const rows = [
    ...page.matchAll(/^\| \[[^\]]+\]\(\.\.\/pipelines\/(.+)\.tlp\) `(.+)` \| (\d+) \| (\d+) \| (\d+) \|$/gm),
  ];
  assert.equal(rows.map(([, file]) => `${file}.py`).sort(), [...notebooks].sort());
  for (const [, file, name, ...counts] of rows) {
    assert.is(file, name);
    const actual = [`docs/notebooks/${name}.py`, `pipelines/${name}.tlp`, `pipelines/${name}-clean.tlp`].map(count);
    assert.equal(counts.map(Number), actual, name);
  }
});

docs('the findings of each notebook are those that it has, no more and no less', () => {
  const sections = page.split(/^### /m).slice(1);
  assert.is(sections.length, notebooks.length);
  for (const section of sections) {
    const name = /^`(.+)`/.exec(section)![1]!;
    const listed = [...section.matchAll(/^\| (TLP\d{4} [\w-]+) \| /gm)].map((match) => match[1]!);
    const { diagnostics } = checkText(read(`pipelines/${name}.tlp`), `${name}.tlp`);
    assert.equal(listed, [...new Set(diagnostics.map((d) => `${d.code} ${d.name}`))].sort(), name);
    assert.equal(checkText(read(`pipelines/${name}-clean.tlp`), `${name}-clean.tlp`).diagnostics, []);
  }
});

docs('every cure in backticks stands in the version without pitfalls, or is no longer said there', () => {
  for (const section of page.split(/^### /m).slice(1)) {
    const clean = linesOf(read(`pipelines/${/^`(.+)`/.exec(section)![1]}-clean.tlp`)).join('\n');
    for (const [, cure] of section.matchAll(/^\| TLP.*\| ([^|]+) \|$/gm)) {
      const word = /`([^`]+)`/.exec(cure!)?.[1];
      if (word === undefined) continue;
      const gone = /^(leave|take)\b/.test(cure!);
      if (gone && word === 'continues') assert.not.match(clean, /continues "CNN"|continues "VGG16"/);
      else assert.is(clean.includes(word), !gone, `${word} in ${section.slice(0, 30)}`);
    }
  }
});

docs('every snippet is part of a program, or compiles as it says', () => {
  const python = new Set(notebooks.flatMap((name) => linesOf(read(`docs/notebooks/${name}`))));
  const tlp = new Set(pipelines.flatMap((name) => linesOf(read(`pipelines/${name}`))));
  for (const { info, text } of fences) {
    const [language, place, code] = info.split(' ');
    if (place === 'file') {
      const codes = checkText(text, 'a.tlp').diagnostics.map((d) => d.code);
      assert.equal(codes, code === undefined ? [] : [code]);
      continue;
    }
    for (const line of linesOf(text))
      assert.ok((language === 'python' ? python : tlp).has(line), `${language}: ${line}`);
  }
});

docs('lines against lines are counted', () => {
  const claims = [...page.matchAll(/^\*\*[^*]+: (\d+) lines?, (\d+) lines?\.\*\*/gm)];
  assert.ok(claims.length >= 5);
  for (const [i, claim] of claims.entries()) {
    const end = claims[i + 1]?.index ?? page.length;
    const own = fences.filter(({ at }) => at > claim.index && at < end);
    const total = (language: string): number =>
      own.filter(({ info }) => info === language).reduce((sum, { text }) => sum + linesOf(text).length, 0);
    assert.equal([total('python'), total('tlp')], [Number(claim[1]), Number(claim[2])], claim[0]);
  }
});

docs.run();
