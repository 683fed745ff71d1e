// Pipes, devices, links and files without end where a file is expected: one line with cause and cure, at once. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { finishRun } from '../support/finished-run.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

interface Context {
  place: Workplace;
}

const hostile = suite<Context>('hostile files');
hostile.before.each((context) => {
  context.place = openWorkplace();
});
hostile.after.each(({ place }) => place.remove());

const pipeIn = ({ folder }: Workplace, name: string): string => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  assert.is(spawnSync('mkfifo', [join(folder, name)]).status, 0);
  return name;
};

/** Calls tlp, which must end by itself in good time. */
const call = ({ folder }: Workplace, ...args: readonly string[]) => {
  const { status, signal, stderr, stdout } = spawnSync(process.execPath, [resolve('dist/tlp.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, NO_COLOR: '1', TLP_CACHE: join(folder, '.cache') },
  });
  assert.is(signal, null, 'it hangs');
  assert.not.match(`${stdout}${stderr}`, /internal error|\n\s+at .*:\d+:\d+/);
  return { status, text: `${stdout}${stderr}` };
};

const image = encode({ width: 8, height: 8, channels: 1, depth: 8, data: new Uint8Array(64).fill(9) });

const fillImages = ({ folder }: Workplace): void => {
  for (const name of ['img/a', 'img/b']) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < 4; i += 1) writeFileSync(join(folder, name, `${i}.png`), image);
  }
};

const pipeline = (source: string): string => `data { source ${source}; size 8x8; channels 1; validation 25% of train }
backbone cnn { conv 2 3x3; flatten }
head { dense 4 }
schedule { epochs 1 }
`;

hostile('a pipeline that is a named pipe, a device or a folder', ({ place }) => {
  pipeIn(place, 'p.tlp');
  for (const command of ['check', 'plan', 'run', 'fmt']) {
    for (const [file, said] of [
      ['p.tlp', /named pipe/],
      ['/dev/zero', /device/],
      ['.', /folder/],
    ] as const) {
      const { status, text } = call(place, command, file);
      assert.ok(status === 1 || status === 2, `${command} ${file}: ${status}`);
      assert.match(text, said, `${command} ${file}`);
    }
  }
});

hostile('standard input without end', ({ place }) => {
  const { status, signal, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `exec "${process.execPath}" "${resolve('dist/tlp.js')}" check - < /dev/zero`],
    {
      cwd: place.folder,
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, NO_COLOR: '1' },
    },
  );
  assert.is(signal, null);
  assert.is(status, 1);
  assert.match(`${stdout}${stderr}`, /TLP1004.*longer than 4 MB/);
});

hostile(
  'an import that is a pipe, a device, or a link out of the project; nothing of what it leads to is shown',
  ({ place }) => {
    pipeIn(place, 'pipe.tlp');
    symlinkSync('/dev/zero', join(place.folder, 'zero.tlp'));
    symlinkSync('/etc/passwd', join(place.folder, 'users.tlp'));
    symlinkSync('/etc', join(place.folder, 'etc'));
    for (const [file, said] of [
      ['pipe.tlp', /named pipe/],
      ['zero.tlp', /outside of the project/],
      ['users.tlp', /outside of the project/],
      ['etc/passwd', /outside of the project/],
    ] as const) {
      place.put('main.tlp', `import "${file}"\n${pipeline('digits')}`);
      const { status, text } = call(place, 'check', 'main.tlp');
      assert.is(status, 1, file);
      assert.match(text, said, file);
      assert.not.match(text, /root:/, file);
    }
  },
);

hostile('an image or a table that is a pipe or a device', ({ place }) => {
  fillImages(place);
  pipeIn(place, 'img/a/9.png');
  place.put('images.tlp', pipeline('folder("img")'));
  let ended = call(place, 'run', 'images.tlp', '--device', 'cpu');
  assert.is(ended.status, 2);
  assert.match(ended.text, /9\.png is a named pipe, not a file/);
  pipeIn(place, 'table.csv');
  place.put('table.tlp', pipeline('csv("table.csv", image: "file", label: "what")'));
  ended = call(place, 'run', 'table.tlp', '--device', 'cpu');
  assert.is(ended.status, 2);
  assert.match(ended.text, /table\.csv cannot be read: it is a named pipe/);
});

hostile('a file of a run folder that is a pipe', async ({ place }) => {
  const { folder } = await finishRun(join(place.folder, 'runs'), { interrupted: true });
  for (const name of ['events.jsonl', 'plan.yaml', 'model/weights.bin', 'SHA256SUMS']) {
    const copy = join(place.folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(folder, copy, { recursive: true });
    rmSync(join(copy, name));
    pipeIn(place, `copy/${name}`);
    const args = name.startsWith('model') ? ['evaluate', 'copy'] : ['run', '--resume', 'copy'];
    const { status, text } = call(place, ...args, '--device', 'cpu');
    assert.is(status, 2, name);
    assert.match(text, /is a named pipe, not a file/, name);
  }
});

hostile('names of classes that are written in two ways are one class; a name that is no UTF-8 is told', ({ place }) => {
  fillImages(place);
  for (const name of ['caf\u00e9', 'cafe\u0301']) {
    mkdirSync(join(place.folder, 'img', name));
    for (let i = 0; i < 4; i += 1) writeFileSync(join(place.folder, 'img', name, `${i}.png`), image);
  }
  place.put('images.tlp', pipeline('folder("img")'));
  const { status, text } = call(place, 'run', 'images.tlp', '--device', 'cpu', '--json');
  assert.is(status, 0, text);
  assert.match(text, /"classes":\["a","b","caf\u00e9"\]/);
  const odd = Buffer.concat([Buffer.from(join(place.folder, 'img/a/')), Buffer.from([0xe9]), Buffer.from('.png')]);
  writeFileSync(odd, image);
  if (!existsSync(odd)) return;
  const refused = call(place, 'run', 'images.tlp', '--device', 'cpu');
  assert.is(refused.status, 2);
  assert.match(refused.text, /has a name that is no UTF-8 .*\.png"\): rename it/);
});

hostile('a table in Latin-1 is told with its line, and does not merge classes', ({ place }) => {
  fillImages(place);
  const rows = ['file,what', 'img/a/0.png,caf\u00e9', 'img/b/0.png,caf\u00e8'].join('\n');
  place.put('table.csv', Buffer.from(rows, 'latin1'));
  place.put('table.tlp', pipeline('csv("table.csv", image: "file", label: "what")'));
  const { status, text } = call(place, 'run', 'table.tlp', '--device', 'cpu');
  assert.is(status, 2);
  assert.match(text, /table\.csv is not UTF-8: line 2 holds other bytes\. Save it as UTF-8/);
});

hostile.run();
