// No command leaves anything in the home folder but what it says, and onnxruntime's telemetry, which would, is off. Needs `npm run build`.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace } from '../support/tlp.ts';

const quiet = suite('the home folder');

quiet('training and prediction leave nothing there but the cache of tlp', () => {
  const place = openWorkplace();
  const home = join(place.folder, 'home');
  mkdirSync(home);
  // as on a machine where nobody says where caches go: all that is written by itself lands in the home folder
  const env = {
    HOME: home,
    XDG_CACHE_HOME: undefined,
    TLP_CACHE: undefined,
    ORT_DISABLE_TELEMETRY: undefined,
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  try {
    place.put(
      'one.tlp',
      'data { source digits; limit 60 (test: 20) }\nbackbone cnn { conv 2 3x3; flatten }\nhead { dense 4 }\nschedule { epochs 1 }\n',
    );
    for (const args of [['run', 'one.tlp'], ['doctor'], ['check', 'one.tlp']]) {
      const { status, stderr } = place.tlp(args, { env });
      assert.is(status, 0, stderr);
    }
    const left = readdirSync(home, { recursive: true }).map(String).sort();
    assert.equal(
      left.filter((name) => name !== '.cache' && !/^\.cache\/tlp(\/|$)/.test(name)),
      [],
    );
    assert.not.ok(existsSync(join(home, '.cache', 'Microsoft')));
  } finally {
    place.remove();
  }
});

quiet.run();
