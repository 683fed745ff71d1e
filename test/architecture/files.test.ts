// The habits of the house that a machine can hold: size, head comments, no `any`, tests that run.
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSource, sourceFiles, withoutComments } from '../support/imports.ts';

const architecture = suite('architecture: files');

const LONGEST = 400;
const sources = sourceFiles('src', 'grammar', 'bin', 'scripts', 'bench');
const tests = sourceFiles('test');

architecture(`no file is longer than ${LONGEST} lines`, () => {
  const long = [...sources, ...tests]
    .map((file) => ({ file, lines: readSource(file).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > LONGEST);
  assert.equal(long, []);
});

architecture('every file begins with a comment that says what it is', () => {
  const silent = [...sources, ...tests].filter((file) => {
    const text = readSource(file).replace(/^#![^\n]*\n/, '');
    return !/^(\/\/ \S|\/\*)/.test(text);
  });
  assert.equal(silent, []);
});

architecture('no `any`, and nothing switches the type checker off', () => {
  const loose = /[:<,|&(=]\s*any\b(?!\s*[:(=])|\bas\s+any\b|\bany\[\]/;
  const found = [...sources, ...tests].flatMap((file) => {
    const source = readSource(file);
    const code = withoutComments(source).replace(/(['"`])(?:\\[\s\S]|(?!\1)[^\\])*\1/g, "''");
    const wrong = loose.exec(code)?.[0] ?? /@ts-(ignore|nocheck|expect-error)/.exec(source)?.[0];
    return wrong && file !== 'test/architecture/files.test.ts' ? [`${file}: ${wrong.trim()}`] : [];
  });
  assert.equal(found, []);
});

architecture('every page of facts that a comment cites exists, and has the part that it names', () => {
  const cited = [...sources, ...tests].flatMap((file) =>
    [...readSource(file).matchAll(/docs\/facts\/([\w-]+\.md)(?:,? \(?"([^"\n]+)")?/g)].map(([, page, part]) => ({
      file,
      page,
      part,
    })),
  );
  assert.ok(cited.length > 20);
  const pages = new Map<string, string>();
  const textOf = (page: string): string => {
    const path = `docs/facts/${page}`;
    if (!pages.has(page)) pages.set(page, existsSync(path) ? readSource(path) : '');
    return pages.get(page)!;
  };
  const wrong = cited.filter(
    ({ page, part }) => textOf(page!) === '' || (part !== undefined && !textOf(page!).includes(`\n## ${part}\n`)),
  );
  assert.equal(wrong, []);
});

architecture('no object literal goes through a spread: it switches off the check for misspelt properties', () => {
  const spread = /\.\.\.\s*\{/;
  const found = [...sources, ...tests].filter(
    (file) => file !== 'test/architecture/files.test.ts' && spread.test(withoutComments(readSource(file))),
  );
  assert.equal(found, []);
});

architecture('every test file runs its suites', () => {
  const suites = tests.filter((file) => /\.test\.tsx?$/.test(file));
  assert.ok(suites.length > 0);
  const idle = suites.filter((file) => {
    const code = withoutComments(readSource(file));
    const named = [...code.matchAll(/\bconst (\w+) = suite\b/g)].map((match) => match[1]!);
    const loops = /\.run\(\)/.test(code);
    return !loops || named.some((name) => !new RegExp(`\\b${name}\\.run\\(\\)`).test(code));
  });
  assert.equal(idle, []);
});

architecture('no test is left alone by `only`', () => {
  const selfish = tests.filter((file) => /\b\w+\.only\(/.test(withoutComments(readSource(file))));
  assert.equal(selfish, []);
});

architecture('test files are found by the runner: their names end in .test.ts', () => {
  const unseen = tests.filter((file) => /\bfrom 'uvu'/.test(readSource(file)) && !/\.test\.tsx?$/.test(file));
  const supporting = unseen.filter((file) => /\.run\(\)/.test(withoutComments(readSource(file))));
  assert.equal(supporting, []);
});

architecture.run();
