// `tlp check --fix`, `--unsafe-fixes` and `--diff`; levels of rules and values of params from outside. Needs a build.
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const test = suite('tlp check --fix');

let place: Workplace;
test.before(() => {
  place = openWorkplace();
});
test.after(() => place.remove());

const good = 'data { source digits }\nbackbone cnn { conv 8 3x3 }\nhead { flatten }\n';
const slip = good.replace('digits', 'digit');
const leaky = good.replace('digits', 'digits; validation test');

test('safe cures are written, unsafe ones only when asked; a cured file is stable', () => {
  const { tlp, put, get, folder } = place;
  put('a.tlp', slip.replace('digit', 'digit; validation test'));
  const offered = tlp(['check', 'a.tlp']);
  assert.match(offered.stdout, /\n1 error in 1 file\n`--fix` cures 1\n$/);
  const fixed = tlp(['check', 'a.tlp', '--fix']);
  assert.is(fixed.status, 0);
  assert.match(
    fixed.stdout,
    /test-split-as-validation[\s\S]*1 warning in 1 file\n1 cured; `--unsafe-fixes` cures 1\n$/,
  );
  assert.is(get('a.tlp'), leaky);
  const all = tlp(['check', 'a.tlp', '--unsafe-fixes']);
  assert.equal([all.status, all.stdout], [0, '1 file checked, nothing wrong\n1 cured\n']);
  assert.match(get('a.tlp'), /validation 20% of train/);
  const before = get('a.tlp');
  assert.is(tlp(['check', 'a.tlp', '--unsafe-fixes']).stdout, '1 file checked, nothing wrong\n');
  assert.is(get('a.tlp'), before);
  assert.equal(
    readdirSync(folder).filter((name) => name.includes('partial')),
    [],
  );
});

test('--diff shows and writes nothing; - goes to standard output', () => {
  const { tlp, put, get } = place;
  put('b.tlp', slip);
  const shown = tlp(['check', 'b.tlp', '--diff']);
  assert.is(shown.status, 1);
  assert.match(
    shown.stdout,
    /^--- b\.tlp\n\+\+\+ b\.tlp\n@@ -1,3 \+1,3 @@\n-data \{ source digit \}\n\+data \{ source digits \}\n backbone.*\n head.*\n$/,
  );
  assert.is(get('b.tlp'), slip);
  const piped = tlp(['check', '-', '--fix'], { input: slip });
  assert.equal([piped.status, piped.stdout, piped.stderr], [0, good, '']);
});

test('byte order mark, line ends, mode and link stay', () => {
  const { tlp, put, get, folder } = place;
  put('c.tlp', `\ufeff${slip.replaceAll('\n', '\r\n')}`);
  chmodSync(join(folder, 'c.tlp'), 0o640);
  symlinkSync('c.tlp', join(folder, 'link.tlp'));
  assert.is(tlp(['check', 'link.tlp', '--fix']).status, 0);
  assert.is(get('c.tlp'), `\ufeff${good.replaceAll('\n', '\r\n')}`);
  assert.is(statSync(join(folder, 'c.tlp')).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(folder, 'link.tlp')).isSymbolicLink());
});

test('what cannot be read or cured stays a finding, and no other file is touched', () => {
  const { tlp, put, get } = place;
  put('part.tlp', 'data { source digit }\n');
  put('main.tlp', `import "part.tlp"\n${good.slice(good.indexOf('backbone'))}`);
  assert.is(tlp(['check', 'main.tlp', '--fix']).status, 1);
  assert.is(get('part.tlp'), 'data { source digit }\n');
  assert.is(tlp(['check', 'nowhere.tlp', '--fix']).status, 1);
  assert.is(tlp(['check', 'main.tlp', 'part.tlp', '--fix', '--format', 'xml']).status, 2);
});

test('formats carry the cure', () => {
  const { tlp, put } = place;
  put('d.tlp', slip);
  const json = JSON.parse(tlp(['check', 'd.tlp', '--format', 'json']).stdout);
  assert.equal(json.diagnostics[0].fix, {
    title: 'Write `digits`',
    safe: true,
    edits: [
      { start: { line: 1, column: 15 }, end: { line: 1, column: 20 }, offset: { start: 14, end: 19 }, text: 'digits' },
    ],
  });
  const [result] = JSON.parse(tlp(['check', 'd.tlp', '--format', 'sarif']).stdout).runs[0].results;
  assert.equal(result.fixes[0].artifactChanges[0].replacements[0].insertedContent, { text: 'digits' });
});

test('--rule goes before the file; only warnings can be set', () => {
  const { tlp, put } = place;
  put('e.tlp', leaky);
  assert.is(tlp(['check', 'e.tlp', '--rule', 'test-split-as-validation=error']).status, 1);
  assert.is(tlp(['plan', 'e.tlp', '--rule', 'TLP2107=error']).status, 1);
  const off = tlp(['check', 'e.tlp', '--rule', 'test_split_as_validation=off', '--error-on-warnings']);
  assert.equal([off.status, off.stdout], [0, '1 file checked, nothing wrong\n']);
  put('f.tlp', `rules { test_split_as_validation off }\n${leaky}`);
  assert.is(tlp(['check', 'f.tlp', '--rule', 'test-split-as-validation=error']).status, 1);
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['test-split-as-validatoin=off', /Did you mean `test-split-as-validation`\?/],
    ['unknown-word=off', /`unknown-word` is an error, and only warnings can be set/],
    ['unused-part=loud', /write `unused-part=off`, `=warning` or `=error`/],
    ['unused-part', /write `unused-part=off`/],
  ];
  for (const [pair, pattern] of refusals) {
    const refused = tlp(['check', 'e.tlp', '--rule', pair]);
    assert.is(refused.status, 2, pair);
    assert.match(refused.stderr, pattern);
  }
});

test('params: environment, then --set; kind and range are checked', () => {
  const { tlp, put } = place;
  put(
    'p.tlp',
    `param lr = 1e-3 in 1e-6..1e-1\nparam rate = 50%\n${good.replace('flatten', 'flatten; dropout rate')}schedule { optimizer adam(lr: lr) }\n`,
  );
  const rate = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    JSON.parse(tlp(['plan', 'p.tlp', '--json', ...args], { env }).stdout).runs[0].stages[0].optimizer.lr;
  assert.is(rate([], { TLP_PARAM_LR: '1e-4' }), 1e-4);
  assert.is(rate([], { TLP_PARAM_lr: '1e-5', TLP_PARAM_LR: '1e-4' }), 1e-5);
  assert.is(rate(['--set', 'lr=1e-2'], { TLP_PARAM_LR: '1e-4' }), 1e-2);
  assert.is(rate([], { TLP_PARAM_OTHER: '((' }), 1e-3);
  const wrong = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout } = tlp(['check', 'p.tlp', ...args], { env });
    assert.is(status, 1);
    return stdout;
  };
  const range = wrong(['--set', 'lr=5']);
  assert.match(range, /out-of-range\]: `lr` lies within `0\.000001\.\.0\.1`, not `5`\./);
  assert.match(range, /--set:1:4[\s\S]*p\.tlp:1:20/);
  assert.match(wrong(['--set', 'rate=relu']), /wrong-type\]: `rate` is a number, not a word\./);
  assert.match(wrong([], { TLP_PARAM_RATE: '((' }), /The variable TLP_PARAM_RATE holds no value of the language\./);
  assert.match(wrong([], { TLP_PARAM_LR: '7' }), /TLP_PARAM_LR:1:1/);
  assert.match(wrong(['--set', 'rat=1']), /Did you mean `rate`\?/);
});

test.run();
