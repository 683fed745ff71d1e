// The bound: the least recently used cache goes first, never one in use; listing, verifying and clearing.
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheRoot } from '../../../src/runtime/cache/cache-root.ts';
import { clearCaches, digestsOf, listCaches, verifyCaches } from '../../../src/runtime/cache/list-caches.ts';
import { openCache } from '../../../src/runtime/cache/open-cache.ts';
import { digestOf, fill, folderOf, inFolder, request, shardsIn, valuesFor } from './support.ts';

const bound = suite('cache: bound');

const keyOf = (letter: string): string => letter.repeat(32);
const images = Array.from({ length: 100 }, (_, i) => i);
/** Bytes of the rows of 100 images. */
const ROWS = 100 * 17 * 4;

/** Caches a, b and c of 100 images each, last used in the order b, c, a. */
const three = async (root: string): Promise<void> => {
  for (const [letter, seconds] of [
    ['a', 300],
    ['b', 100],
    ['c', 200],
  ] as const) {
    await fill(request(root, { key: keyOf(letter) }), images);
    utimesSync(join(folderOf(root, keyOf(letter)), 'about.json'), seconds, seconds);
  }
};

const there = (root: string): string =>
  ['a', 'b', 'c', 'd'].filter((x) => existsSync(folderOf(root, keyOf(x)))).join('');

bound('the least recently used goes first', () =>
  inFolder(async (root) => {
    await three(root);
    await fill(request(root, { key: keyOf('d'), limit: ROWS * 4.5 }), images);
    assert.is(there(root), 'acd');
    await fill(request(root, { key: keyOf('d'), limit: ROWS * 4.5 }), [200, 201]);
    assert.is(there(root), 'acd');
  }),
);

bound('a cache that a live process uses stays', () =>
  inFolder(async (root) => {
    await three(root);
    writeFileSync(join(folderOf(root, keyOf('b')), `using-${hostname()}-${process.pid}-0`), '');
    await fill(request(root, { key: keyOf('d'), limit: ROWS * 4.5 }), images);
    assert.is(there(root), 'abd');
  }),
);

bound('the mark of a dead process does not hold it', () =>
  inFolder(async (root) => {
    await three(root);
    // above the largest number of a process on Linux
    writeFileSync(join(folderOf(root, keyOf('b')), `using-${hostname()}-4194305-0`), '');
    await fill(request(root, { key: keyOf('d'), limit: ROWS * 4.5 }), images);
    assert.is(there(root), 'acd');
  }),
);

bound('when there is no room for it, it is said and nothing is stored', () =>
  inFolder(async (root) => {
    const warnings: string[] = [];
    await fill(request(root, { limit: ROWS / 2, warn: (message) => warnings.push(message) }), images);
    assert.is(shardsIn(root).length, 0);
    assert.match(warnings.join(), /are full .*--cache-size/);
  }),
);

bound('the list tells what each cache is, the least recently used first', () =>
  inFolder(async (root) => {
    await three(root);
    const list = listCaches(root);
    assert.equal(
      list.map(({ key, rows, users }) => [key[0], rows, users]),
      [
        ['b', 100, 0],
        ['c', 100, 0],
        ['a', 100, 0],
      ],
    );
    assert.is(list[0]!.about?.backbone, 'vgg16');
    assert.ok(list[0]!.bytes > ROWS);
    assert.ok(digestsOf(root, keyOf('a')).has(digestOf(99)));
    assert.is(digestsOf(root, keyOf('e')).size, 0);
  }),
);

bound('verifying finds a flipped bit and removes the shard', () =>
  inFolder(async (root) => {
    await three(root);
    const [path] = shardsIn(root, keyOf('c'));
    const bytes = readFileSync(path!);
    bytes[bytes.length - 100]! ^= 4;
    writeFileSync(path!, bytes);
    const damaged = verifyCaches(root).flatMap((cache) => cache.damaged);
    assert.equal(damaged, [{ path: path!, why: 'is damaged (row 98)' }]);
    assert.equal(
      verifyCaches(root).map((cache) => cache.shards),
      [1, 0, 1],
    );
  }),
);

bound('clearing takes what is meant, and leaves what is in use', () =>
  inFolder(async (root) => {
    await three(root);
    const open = await openCache(request(root, { key: keyOf('c') }));
    open.append(digestOf(500), valuesFor(500), 0);
    assert.equal(clearCaches(root, 'b').removed, [keyOf('b')]);
    const { removed, kept } = clearCaches(root, '');
    assert.equal([removed, kept], [[keyOf('a')], [keyOf('c')]]);
    await open.close();
    assert.equal(clearCaches(root, '').removed, [keyOf('c')]);
    assert.is(there(root), '');
  }),
);

bound('the folder follows the environment and the customs of the system', () => {
  assert.is(cacheRoot({ TLP_CACHE: '/t', XDG_CACHE_HOME: '/x' }, 'linux', '/h'), '/t');
  assert.is(cacheRoot({ TLP_CACHE: '', XDG_CACHE_HOME: '/x' }, 'darwin', '/h'), '/x/tlp');
  assert.is(cacheRoot({}, 'linux', '/h'), '/h/.cache/tlp');
  assert.is(cacheRoot({}, 'darwin', '/h'), '/h/Library/Caches/tlp');
  assert.is(cacheRoot({ LOCALAPPDATA: '/l' }, 'win32', '/h'), '/l/tlp');
});

bound.run();
