// ARCHITECTURE.md speaks of what is there: its paths and the files of its nouns exist, each walk passes a file once, all rooms and passes are shown.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { passes } from '../../src/compiler/passes.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8');
const architecture = suite('docs: ARCHITECTURE.md');

const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);

/** Ends of the names of files that documents speak of. */
const ENDS = /\.(ts|tsx|md|mjs|json|wat|py|tlp)$/;
/** Where paths begin, but for files at the root: the folders of the project and those of `src`. */
const BEGINS =
  /^(src|bin|test|bench|scripts|docs|grammar|pipelines|compiler|parser|session|runtime|report|ui|export)\//;
/** Files of runs and exports, and models of Keras: no files of the project. */
const ELSEWHERE: ReadonlySet<string> = new Set(['model.py']);

const isPath = (text: string): boolean => /^[\w./-]+$/.test(text) && (BEGINS.test(text) || ENDS.test(text));

const isThere = (path: string): boolean => [path, `src/${path}`].some((each) => existsSync(new URL(each, root)));

/** The text below a heading, up to the next one. */
const below = (heading: string): string => {
  const from = page.indexOf(`\n## ${heading}\n`);
  assert.ok(from >= 0, `there is no heading "${heading}"`);
  const text = page.slice(from + 1).split(/\n## /)[0]!;
  return text.slice(text.indexOf('\n'));
};

/** First path of each numbered line. */
const stopsOf = (heading: string): readonly string[] =>
  [...below(heading).matchAll(/^\d+\. (.*)$/gm)].map((match) => quoted(match[1]!)[0] ?? match[1]!);

architecture('every path exists', () => {
  const paths = quoted(page).filter((text) => isPath(text) && !ELSEWHERE.has(text));
  assert.ok(paths.length > 80, `${paths.length} paths`);
  assert.equal(
    paths.filter((path) => !isThere(path)),
    [],
  );
});

for (const heading of ['How the word `dropout` becomes a mask on the device', 'How a file becomes weights']) {
  architecture(`${heading}: stops are files, in order, each once`, () => {
    const stops = stopsOf(heading);
    assert.ok(stops.length > 10, `${stops.length} stops`);
    assert.equal(
      stops.filter((stop) => !ENDS.test(stop) || !isThere(stop)),
      [],
    );
    assert.equal(stops, [...new Set(stops)]);
    const numbers = [...below(heading).matchAll(/^(\d+)\. /gm)].map((match) => Number(match[1]));
    assert.equal(
      numbers,
      stops.map((_, index) => index + 1),
    );
  });
}

architecture('every room is shown', () => {
  const folders = (path: string): readonly string[] =>
    readdirSync(new URL(path, root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${path}${name}`);
  const rooms = [...folders('src/compiler/'), ...folders('src/runtime/'), ...folders('src/')].filter(
    (room) => room !== 'src/compiler' && room !== 'src/runtime',
  );
  const shown = new Set(quoted(page));
  assert.equal(
    rooms.filter((room) => !shown.has(room)),
    [],
  );
});

architecture('nouns stand in the files that the table names', () => {
  const rows = [...below('The nouns').matchAll(/^\| (`.*?) \| (`.*?) \|/gm)];
  assert.ok(rows.length > 20, `${rows.length} rows`);
  const missing = rows.flatMap(([, names, paths]) => {
    const texts = quoted(paths!).map((path) => readFileSync(new URL(`src/${path}`, root), 'utf8'));
    return quoted(names!).filter((name) => {
      const defined = new RegExp(`^export (interface|type|class|const) ${name}\\b`, 'm');
      return !texts.some((text) => defined.test(text));
    });
  });
  assert.equal(missing, []);
});

architecture('the diagram has the passes in their order', () => {
  const words = [...page.slice(0, page.indexOf('## The nouns')).matchAll(/[a-z]+(?:-[a-z]+)*/g)].map(([word]) => word);
  const diagram = words.slice(words.indexOf(passes[0].name));
  const names = new Set<string>(passes.map(({ name }) => name));
  assert.equal(
    diagram.filter((word) => names.has(word)).slice(0, passes.length),
    passes.map(({ name }) => name),
  );
});

architecture.run();
