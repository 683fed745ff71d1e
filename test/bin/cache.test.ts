// `tlp cache`: lists, verifies and clears the folder that TLP_CACHE names. Needs `npm run build`.
import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fill, inFolder, KEY, request, shardsIn } from '../runtime/cache/support.ts';
import { openWorkplace } from '../support/tlp.ts';

const cache = suite('tlp cache');

const call = (root: string, ...args: readonly string[]) => {
  const place = openWorkplace();
  try {
    return place.tlp(['cache', ...args], { env: { TLP_CACHE: root } });
  } finally {
    place.remove();
  }
};

cache('an empty folder, and one that is not there', () =>
  inFolder(async (root) => {
    assert.match(call(root).stdout, /^Nothing is kept in /);
    assert.is(call(`${root}/none`, 'verify').status, 0);
  }),
);

cache('the list as a table and as JSON', () =>
  inFolder(async (root) => {
    await fill(request(root), [1, 2, 3]);
    const { stdout, status } = call(root);
    assert.is(status, 0);
    assert.match(
      stdout,
      /^key +backbone +up to +images +rows +size +last used\n0123456789ab +vgg16 +block5_pool +32x32x3 +3 /,
    );
    const { caches } = JSON.parse(call(root, 'list', '--json').stdout) as { caches: { key: string; rows: number }[] };
    assert.equal(
      caches.map(({ key, rows }) => [key, rows]),
      [[KEY, 3]],
    );
  }),
);

cache('verify names what is damaged and removes it', () =>
  inFolder(async (root) => {
    await fill(request(root), [1, 2, 3]);
    assert.match(call(root, 'verify').stdout, /^1 caches, 1 shards in .*: all whole\n$/);
    const [path] = shardsIn(root);
    const bytes = readFileSync(path!);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path!, bytes);
    assert.match(call(root, 'verify').stdout, /is damaged \(row 2\): it is removed/);
    assert.equal(shardsIn(root), []);
  }),
);

cache('clear wants a key or --all', () =>
  inFolder(async (root) => {
    await fill(request(root), [1]);
    const unsaid = call(root, 'clear');
    assert.is(unsaid.status, 2);
    assert.match(unsaid.stderr, /^tlp: which cache\? Write tlp cache clear KEY/);
    assert.match(call(root, 'clear', 'ffff').stderr, /^tlp: there is no cache ffff/);
    assert.match(call(root, 'clear', '0123').stdout, /^1 removed/);
    assert.match(call(root, 'clear', '--all').stdout, /^0 removed/);
    assert.is(call(root, 'burn').status, 2);
  }),
);

cache.run();
