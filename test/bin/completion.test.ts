// Completion, asked of the shells themselves: a real bash, zsh and fish source the script that tlp prints.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../bin/command-table.ts';
import { templates } from '../../bin/commands/templates.ts';
import { bashScript } from '../../bin/completion/bash.ts';
import { readCompletions } from '../../bin/completion/completions.ts';
import { fishScript } from '../../bin/completion/fish.ts';
import { zshScript } from '../../bin/completion/zsh.ts';
import { rules } from '../../src/compiler/findings/index.ts';

const test = suite('completion');

const tlp = fileURLToPath(new URL('../../dist/tlp.js', import.meta.url));
let folder = '';

const shell = (name: string, args: readonly string[]) =>
  spawnSync(name, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20000,
    env: { ...process.env, TERM: 'dumb', HOME: folder },
  });
const isInstalled = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tlp-completion-'));
  const read = readCompletions(commands);
  writeFileSync(join(folder, 'script.bash'), bashScript(read));
  writeFileSync(join(folder, 'script.zsh'), zshScript(read));
  writeFileSync(join(folder, 'script.fish'), fishScript(read));
  for (const file of ['one.tlp', 'two words.tlp', 'notes.txt']) writeFileSync(join(folder, file), '');
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep', 'three.tlp'), '');
});
test.after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a shell offers for a line that ends where the cursor is, sorted. */
type Complete = (line: string) => readonly string[];

const sorted = (text: string): readonly string[] => [...new Set(text.split('\n').filter((line) => line !== ''))].sort();

/** Words as bash makes them: `=` is one of its own. */
const inBash: Complete = (line) => {
  const words = line.split(/(?<=\S)(?==)|(?<==)|\s+/);
  const script = `source script.bash
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_tlp; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = shell('bash', ['--norc', '-c', script]);
  assert.equal([status, stderr], [0, ''], line);
  return sorted(stdout);
};

const inFish: Complete = (line) => {
  const { status, stdout, stderr } = shell('fish', ['--no-config', '-c', `source script.fish; complete -C '${line}'`]);
  assert.equal([status, stderr], [0, ''], line);
  return sorted(stdout.replace(/\t.*/g, ''));
};

/**
 * An interactive zsh in a terminal of its own is asked all lines in turn: Tab completes, Ctrl-T says that it is done.
 * What it would insert or list is taken from `compadd`.
 */
const ZSH_DRIVER = `zmodload zsh/zpty zsh/zselect
zpty -b asked zsh -f -i
wait_for() {
  local i output
  for i in {1..1000}; do
    while zpty -r -t asked output; do :; done
    [[ -e $1 ]] && return
    zselect -t 2
  done
  print -u2 "no answer: $1"
  exit 1
}
zpty -w asked 'source setup.zsh; print ready > ready'
wait_for ready
n=0
while IFS= read -r line; do
  n=$((n + 1))
  zpty -w -n asked "n=$n"$'\\n'
  zpty -w -n asked "$line"$'\\t\\C-t'
  wait_for "done.$n"
done < lines.txt
zpty -d asked
`;

const ZSH_SETUP = `PS1=
setopt no_auto_list no_auto_menu no_beep
autoload -Uz compinit
compinit -D -u
source script.zsh
bindkey '^I' complete-word
compadd() {
  local -a offered
  if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
    builtin compadd -O offered "$@"
    print -rl -- "<"\${^offered}">" >> offered.$n
  fi
  builtin compadd "$@"
}
finished() { zle kill-buffer; print finished > done.$n }
zle -N finished
bindkey '^T' finished
`;

const zshAnswers = (lines: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  writeFileSync(join(folder, 'setup.zsh'), ZSH_SETUP);
  writeFileSync(join(folder, 'driver.zsh'), ZSH_DRIVER);
  writeFileSync(join(folder, 'lines.txt'), lines.map((line) => `${line}\n`).join(''));
  const { status, stderr } = shell('zsh', ['-f', 'driver.zsh']);
  assert.equal([status, stderr], [0, '']);
  const answer = (i: number): readonly string[] => {
    const path = join(folder, `offered.${i + 1}`);
    return existsSync(path) ? sorted(readFileSync(path, 'utf8').replace(/^<(.*)>$/gm, '$1')) : [];
  };
  return new Map(lines.map((line, i) => [line, answer(i)]));
};

/** All that `ask` asks. */
const LINES = [
  'tlp co',
  'tlp ',
  'tlp run --e',
  'tlp check --e',
  'tlp doctor --e',
  'tlp run --device ',
  'tlp check one.tlp --format js',
  'tlp compile --emit k',
  'tlp check ',
  'tlp check one.tlp t',
  'tlp init ',
  'tlp init own ',
  'tlp explain TLP30',
  'tlp explain test-split',
  'tlp explain --format json TLP2107',
  'tlp completion ',
  'tlp words sc',
] as const;

const names = commands.map(({ usage }) => usage.split(' ')[0]!);
const warnings = rules.filter((rule) => rule.severity === 'warning').map((rule) => rule.name);

const ask = (name: string, complete: Complete): void => {
  test(`${name}: commands`, () => {
    assert.equal(complete('tlp co'), ['compile', 'completion']);
    for (const word of names) assert.ok(complete('tlp ').includes(word), word);
  });

  test(`${name}: options of the command, and no others`, () => {
    assert.equal(complete('tlp run --e'), ['--epochs']);
    assert.equal(complete('tlp check --e'), ['--error-on-warnings']);
    assert.equal(complete('tlp doctor --e'), []);
  });

  test(`${name}: values of an option`, () => {
    assert.equal(complete('tlp run --device '), ['auto', 'cpu', 'cuda', 'webgpu']);
    assert.equal(complete('tlp check one.tlp --format js'), ['json', 'jsonl']);
    assert.equal(complete('tlp compile --emit k'), ['kernel']);
  });

  test(`${name}: pipelines and folders, not other files`, () => {
    const offered = complete('tlp check ').map((file) => file.replace(/\/$/, '').replaceAll('\\', ''));
    for (const file of ['one.tlp', 'two words.tlp', 'deep']) assert.ok(offered.includes(file), `${file} of ${offered}`);
    if (name !== 'fish') assert.not(offered.includes('notes.txt'));
    assert.ok(
      complete('tlp check one.tlp t').some((file) => /^two/.test(file)),
      'behind another',
    );
  });

  test(`${name}: templates, then a folder`, () => {
    assert.equal(complete('tlp init '), Object.keys(templates).sort());
    const second = complete('tlp init own ').map((file) => file.replace(/\/$/, ''));
    assert.ok(second.includes('deep') && !second.includes('own'), `${second}`);
  });

  test(`${name}: codes and names of findings`, () => {
    assert.equal(
      complete('tlp explain TLP30'),
      rules.map((rule) => rule.code).filter((code) => code.startsWith('TLP30')),
    );
    assert.equal(complete('tlp explain test-split'), ['test-split-as-validation']);
    assert.equal(complete('tlp explain --format json TLP2107'), ['TLP2107']);
  });

  test(`${name}: shells and blocks`, () => {
    assert.equal(complete('tlp completion '), ['bash', 'fish', 'zsh']);
    assert.equal(complete('tlp words sc'), ['schedule']);
  });
};

ask('bash', inBash);

test('bash: what stands around `=`', () => {
  assert.equal(inBash('tlp check --format=js'), ['json', 'jsonl']);
  assert.equal(inBash('tlp check --format='), ['concise', 'github', 'json', 'jsonl', 'junit', 'sarif', 'text']);
  const name = warnings[0]!;
  assert.equal(inBash(`tlp check --rule ${name}`), [`${name}=error`, `${name}=off`, `${name}=warning`]);
  assert.equal(inBash(`tlp check --rule ${name}=o`), ['off']);
  assert.ok(inBash(`tlp check --rule ${name}=off --set a=1 `).includes('one.tlp'), 'their values are no files');
});

if (isInstalled('fish')) ask('fish', inFish);
if (isInstalled('zsh')) {
  let answers: ReadonlyMap<string, readonly string[]> = new Map();
  test('zsh answers', () => {
    answers = zshAnswers(LINES);
  });
  ask('zsh', (line) => {
    const found = answers.get(line);
    if (found === undefined) throw new Error(`LINES lacks: ${line}`);
    return found;
  });
}

test('every option of every command can be completed', () => {
  const read = readCompletions(commands);
  assert.equal(
    read.map(({ name }) => name),
    names,
  );
  for (const [i, { options }] of commands.entries()) {
    assert.is(read[i]!.options.length, options.length + 1, 'with --help');
  }
});

test('tlp prints the scripts, and refuses an unknown shell', () => {
  const printed = spawnSync(process.execPath, [tlp, 'completion', 'bash'], { encoding: 'utf8' });
  assert.equal([printed.status, printed.stdout], [0, bashScript(readCompletions(commands))]);
  const { status, stderr } = spawnSync(process.execPath, [tlp, 'completion', 'fisch'], { encoding: 'utf8' });
  assert.is(status, 2);
  assert.match(stderr, /Did you mean `fish`\?/);
});

test.run();
