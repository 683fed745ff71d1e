// The .npy writer against numpy's own bytes: test/support/npy/features.py wrote the fixture.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createNpy, npyHeader } from '../../src/runtime/npy-file.ts';

const npy = suite('npy file');

let root = '';
npy.before(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-npy-'));
});
npy.after(() => rmSync(root, { recursive: true, force: true }));

npy('rows that come one by one are the bytes that numpy writes', () => {
  const path = join(root, 'features.npy');
  const file = createNpy(path, 3);
  file.append(Float32Array.of(0, 0.25, -1.5));
  assert.not(existsSync(path), 'it has its name when it is whole');
  file.append(Float32Array.of(3e-8, 1e30, 7));
  file.finish();
  const wanted = readFileSync(new URL('../support/npy/features.npy', import.meta.url));
  assert.ok(readFileSync(path).equals(wanted));
  assert.equal(readdirSync(root), ['features.npy']);
});

npy('what is discarded leaves nothing', () => {
  const file = createNpy(join(root, 'gone.npy'), 1);
  file.append(Float32Array.of(1));
  file.discard();
  assert.equal(readdirSync(root), ['features.npy']);
});

npy('the header is as long for any number of rows', () => {
  for (const columns of [1, 512, 1_000_000]) {
    const { length } = npyHeader(0, columns);
    assert.is(length % 64, 0);
    for (const rows of [9, 60_000, 2 ** 40]) assert.is(npyHeader(rows, columns).length, length);
  }
});

npy.run();
