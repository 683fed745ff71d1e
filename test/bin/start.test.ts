// The two ways the command line starts: from compiled code, and from its modules where that is missing or not this Node's.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('bin/start');
const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const quickstart = path('pipelines/quickstart.tlp');

/** Exit code and standard output of `tlp check` from a copy of dist that `change` has changed. */
const startFrom = (change: (dist: string) => void): readonly [number | null, string] => {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-start-'));
  try {
    const dist = join(folder, 'dist');
    cpSync(path('dist'), dist, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    change(dist);
    const { status, stdout } = spawnSync(process.execPath, [join(dist, 'tlp.js'), 'check', quickstart], {
      encoding: 'utf8',
    });
    return [status, stdout];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const withoutModules = (dist: string): void => {
  for (const name of readdirSync(dist)) if (/^(command-line|check)-.*\.js$/.test(name)) rmSync(join(dist, name));
};
const cache = (dist: string): string => join(dist, 'command-line.cache');
const clean = [0, '1 file checked, nothing wrong\n'] as const;

test('compiled code needs no module', () => {
  assert.equal(startFrom(withoutModules), clean);
});

test('without compiled code, with half of it or with that of another V8, the modules do the same', () => {
  assert.equal(
    startFrom((dist) => rmSync(cache(dist))),
    clean,
  );
  const half = (dist: string): void => {
    const whole = readFileSync(cache(dist));
    writeFileSync(cache(dist), whole.subarray(0, whole.length / 2));
  };
  assert.equal(startFrom(half), clean);
  const foreign = (dist: string): void => {
    // the second word of the header is a hash of V8's version
    const changed = readFileSync(cache(dist));
    changed.writeUInt32LE((changed.readUInt32LE(4) ^ 0xff) >>> 0, 4);
    writeFileSync(cache(dist), changed);
  };
  assert.equal(startFrom(foreign), clean);
  assert.is(
    startFrom((dist) => {
      rmSync(cache(dist));
      withoutModules(dist);
    })[0],
    1,
  );
});

test.run();
