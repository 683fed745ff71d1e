// Highlighting of the pipelines, kept as snapshots of vscode-tmgrammar-test. UPDATE_GOLDEN=1 writes them anew.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { goldensAreUsed } from '../support/golden.ts';

const test = suite('highlight snapshots');

const root = fileURLToPath(new URL('../../', import.meta.url));
const snapshots = join(root, 'test/golden/highlight');
const pipelines = readdirSync(join(root, 'pipelines')).filter((file) => file.endsWith('.tlp'));
const tool = createRequire(import.meta.url).resolve('vscode-tmgrammar-test/dist/snapshot.js');

test('pipelines look as they did', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-highlight-'));
  const updating = process.env.UPDATE_GOLDEN === '1';
  try {
    for (const file of pipelines) {
      copyFileSync(join(root, 'pipelines', file), join(folder, file));
      const snapshot = join(snapshots, `${file}.snap`);
      // Without one the tool would write it and be content.
      if (!updating) assert.ok(existsSync(snapshot), `${file} has no snapshot: UPDATE_GOLDEN=1 writes it`);
      if (!updating) copyFileSync(snapshot, join(folder, `${file}.snap`));
    }
    const grammar = join(root, 'grammar/tlp.tmLanguage.json');
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, '-s', 'source.tlp', '-g', grammar, '*.tlp'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.is(status, 0, `${stdout}${stderr}`);
    if (!updating) return;
    mkdirSync(snapshots, { recursive: true });
    for (const file of pipelines) copyFileSync(join(folder, `${file}.snap`), join(snapshots, `${file}.snap`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('no snapshot without its pipeline', () => {
  goldensAreUsed(
    'highlight',
    pipelines.map((file) => `highlight/${file}.snap`),
  );
});

test.run();
