// Golden files under test/golden: what was printed before is what is expected now. `UPDATE_GOLDEN=1` rewrites them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../golden/', import.meta.url));
const updating = process.env.UPDATE_GOLDEN === '1';

/**
 * Compares `actual` with the file at `path` (relative to test/golden, `/` between folders) and fails with a line by line
 * difference. With `UPDATE_GOLDEN=1` the file is written instead: read it before committing.
 */
export const golden = (path: string, actual: string): void => {
  const file = `${root}${path}`;
  const text = actual.endsWith('\n') ? actual : `${actual}\n`;
  if (updating) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(
    existsSync(file),
    `there is no golden file test/golden/${path}: run the test with UPDATE_GOLDEN=1 and read it`,
  );
  const expected = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  if (text === expected) return;
  assert.fixture(text, expected, `differs from test/golden/${path} (UPDATE_GOLDEN=1 rewrites it)`);
  assert.is(text, expected, `differs from test/golden/${path} in white space`);
};

/** Fails when `folder` (relative to test/golden) holds a file that is not in `paths`: a golden nobody compares with. */
export const goldensAreUsed = (folder: string, paths: readonly string[]): void => {
  const used = new Set(paths);
  const files = readdirSync(`${root}${folder}`, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`).replaceAll('\\', '/'));
  const unused = files.filter((file) => !used.has(file));
  assert.equal(unused, [], `golden files that no test compares with: ${unused.join(', ')}`);
};
