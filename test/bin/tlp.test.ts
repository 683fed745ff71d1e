// The built command line: exit codes, what goes to which stream, formats, bad input.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('tlp');

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'dist/tlp.js');
let folder = '';

const tlp = (args: readonly string[], input: string | Uint8Array = '', env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  assert.not.match(`${stdout}${stderr}`, /\n\s+at .*:\d+:\d+/, 'a stack trace');
  return { status, stdout, stderr };
};
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

const good = 'data { source digits }\nbackbone cnn { conv 8 3x3 }\nhead { flatten }\n';
const bad = good.replace('digits', 'digit');

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('check: 0 clean, 1 findings, 2 wrong use', () => {
  put('good.tlp', good);
  put('bad.tlp', bad);
  const clean = tlp(['check', 'good.tlp']);
  assert.equal([clean.status, clean.stdout, clean.stderr], [0, '1 file checked, nothing wrong\n', '']);
  const wrong = tlp(['check', 'good.tlp', 'bad.tlp']);
  assert.is(wrong.status, 1);
  assert.match(wrong.stdout, /bad\.tlp:1:15/);
  assert.match(wrong.stdout, /Did you mean `digits`\?/);
  assert.match(wrong.stdout, /1 error in 2 files/);
  assert.is(tlp(['check']).status, 2);
  assert.is(tlp(['check', 'good.tlp', '--format', 'xml']).status, 2);
  assert.is(tlp(['nonsense']).status, 2);
  assert.is(tlp(['check', '-'], good).status, 0);
});

test('warnings fail only when asked', () => {
  put('warn.tlp', `data { source digits; validation test }\n${good.slice(good.indexOf('backbone'))}`);
  assert.is(tlp(['check', 'warn.tlp']).status, 0);
  assert.is(tlp(['check', 'warn.tlp', '--error-on-warnings']).status, 1);
});

test('bad input is one finding, exit 1', () => {
  const inputs: readonly (readonly [string, string | Uint8Array | null, RegExp])[] = [
    ['missing.tlp', null, /file-not-found/],
    ['latin1.tlp', Uint8Array.of(0x2f, 0x2f, 0xe4, 0x0a), /not-utf8/],
    ['empty.tlp', '', /empty-file/],
    ['noise.tlp', new Uint8Array(10 * 1024 * 1024).map((_, i) => (i * 7919) & 127), /file-too-large/],
  ];
  for (const [name, content, pattern] of inputs) {
    if (content !== null) put(name, content);
    for (const command of ['check', 'plan', 'run']) {
      const result = tlp([command, name]);
      assert.is(result.status, 1, `${command} ${name}: ${result.stderr}`);
      assert.match(result.stdout + result.stderr, pattern);
      assert.ok((result.stdout + result.stderr).split('\n').length < 10);
    }
  }
  assert.is(tlp(['check', '.']).status, 1);
});

test('formats are well formed and alone on standard output', () => {
  put('bad.tlp', bad);
  const out = (format: string): string => tlp(['check', 'bad.tlp', '--format', format]).stdout;
  assert.match(out('concise'), /^bad\.tlp:1:15: error\[TLP1206 unknown-choice\] .*\n$/);
  const json = JSON.parse(out('json'));
  assert.equal(json.diagnostics[0].start, { line: 1, column: 15 });
  assert.is(JSON.parse(out('jsonl').trim()).name, 'unknown-choice');
  const sarif = JSON.parse(out('sarif'));
  assert.is(sarif.version, '2.1.0');
  assert.is(sarif.runs[0].results[0].ruleId, sarif.runs[0].tool.driver.rules[0].id);
  assert.equal(sarif.runs[0].results[0].locations[0].physicalLocation.region.startColumn, 15);
  assert.match(out('github'), /^::error file=bad\.tlp,line=1,endLine=1,col=15,endColumn=20,title=/);
  assert.match(out('junit'), /<testsuites tests="1" failures="1">/);
});

test('plan: YAML, JSON, one run, --set', () => {
  put('good.tlp', good);
  assert.match(tlp(['plan', 'good.tlp']).stdout, /^version: 1\npipeline: good\n/);
  assert.is(JSON.parse(tlp(['plan', 'good.tlp', '--json']).stdout).runs[0].name, 'good');
  assert.is(tlp(['plan', 'good.tlp', '--run', 'x']).status, 2);
  put('param.tlp', `param lr = 1e-3\n${good}schedule { optimizer adam(lr: lr) }`);
  const { runs } = JSON.parse(tlp(['plan', 'param.tlp', '--json', '--set', 'lr=0.5']).stdout);
  assert.is(runs[0].stages[0].optimizer.lr, 0.5);
  assert.is(tlp(['plan', 'param.tlp', '--set', 'rl=1']).status, 1);
});

test('fmt: writes, checks, shows, refuses', () => {
  put('messy.tlp', 'data{source digits}\n');
  assert.is(tlp(['fmt', 'messy.tlp', '--check']).status, 1);
  assert.match(tlp(['fmt', 'messy.tlp', '--diff']).stdout, /^-data\{source digits\}\n\+data \{ source digits \}$/m);
  assert.is(tlp(['fmt', 'messy.tlp']).status, 0);
  assert.is(readFileSync(join(folder, 'messy.tlp'), 'utf8'), 'data { source digits }\n');
  assert.is(tlp(['fmt', '-'], 'a  b').stdout, 'a b\n');
  put('broken.tlp', 'data {  a\n');
  assert.is(tlp(['fmt', 'broken.tlp']).status, 1);
  assert.is(readFileSync(join(folder, 'broken.tlp'), 'utf8'), 'data {  a\n');
});

test('init writes pipelines that check clean, and never over another file', () => {
  for (const template of ['own', 'transfer', 'compare']) {
    const { stdout, status } = tlp(['init', template, `new-${template}`]);
    assert.is(status, 0);
    const path = /^wrote (\S+):/.exec(stdout)![1]!;
    // where the images of the person would lie
    for (const part of ['train', 'test'])
      mkdirSync(join(folder, `new-${template}`, 'images', part), { recursive: true });
    assert.is(tlp(['check', path]).stdout, '1 file checked, nothing wrong\n');
  }
  assert.is(tlp(['init', 'own', 'new-own']).status, 2);
  put('taken', 'a file, no folder');
  const refused = tlp(['init', 'own', 'taken/new']);
  assert.is(refused.status, 2);
  assert.match(refused.stderr, /^tlp: taken\/new\/pipeline\.tlp cannot be written: [^\n]*\n$/);
  assert.match(tlp(['init', 'owm']).stderr, /did you mean|Did you mean `own`/);
});

test('explain, words and backbones', () => {
  assert.match(tlp(['explain', 'tlp2107']).stdout, /^TLP2107 test-split-as-validation \(warning\)/);
  assert.match(tlp(['explain', 'unknown-wrod']).stderr, /unknown-word/);
  assert.ok(JSON.parse(tlp(['explain', '--all', '--format', 'json']).stdout).length > 50);
  assert.match(tlp(['words', 'augment']).stdout, /rotate/);
  assert.ok(JSON.parse(tlp(['words', '--json']).stdout).head.length > 20);
  assert.match(tlp(['backbones']).stdout, /resnet50 +224x224 +32x32 +caffe +23,587,712/);
});

test('backbones says which weights are on this machine', () => {
  const file = 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5';
  mkdirSync(join(folder, 'keras/models'), { recursive: true });
  put(`keras/models/${file}`, 'much too short');
  const env = { KERAS_HOME: join(folder, 'keras') };
  const { stdout } = tlp(['backbones'], '', env);
  assert.match(stdout, /mobilenetv2 .* 0\.0 MB\? {2}Inverted/);
  assert.match(stdout, /here: size of the ImageNet weights in .*keras\/models;/);
  const rows = JSON.parse(tlp(['backbones', '--json'], '', env).stdout) as { name: string; weights: object }[];
  const path = join(folder, 'keras', 'models', file);
  assert.equal(rows.find(({ name }) => name === 'mobilenetv2')?.weights, { path, bytes: 14, otherSize: true });
  assert.equal(rows.find(({ name }) => name === 'vgg16')?.weights, { path: null, bytes: null, otherSize: false });
});

test('imports stay inside of the project', () => {
  put('common.tlp', 'data { source digits }\n');
  put('imports.tlp', `import "common.tlp"\n${good.slice(good.indexOf('backbone'))}`);
  assert.is(tlp(['check', 'imports.tlp']).status, 0);
  put('outside.tlp', `import "../../etc/passwd"\n${good}`);
  assert.match(tlp(['check', 'outside.tlp']).stdout, /outside of the project/);
});

test('version and help', () => {
  assert.match(tlp(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(tlp(['--help']).stdout, /check .*\n[\s\S]*plan .*\n[\s\S]*run /);
});

test.run();
