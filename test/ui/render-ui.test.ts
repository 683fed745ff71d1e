// The UI on a stream: what stays on the screen, resizing, and a process with and without NO_COLOR.
import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import { createElement } from 'react';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { App, renderUi } from '../../src/ui/render-ui.tsx';
import { fakeRun } from '../support/fake-run.ts';
import { play } from '../support/play-events.ts';
import { PLAIN } from './frames.ts';

const ui = suite('render ui');
const script = fakeRun({ warning: 'images of 8 x 8 pixels are small' });

ui('warnings stay above the frame', () => {
  const app = render(createElement(App, { state: play(script.slice(0, 30)).state, theme: PLAIN, now: () => 0 }));
  const frame = app.lastFrame()!;
  assert.ok(frame.startsWith('warning: images of 8 x 8 pixels are small\ntlp quickstart'), frame);
  assert.match(frame, /epoch 2 of 6/);
  app.unmount();
});

/** A terminal that remembers what was written. */
class Terminal extends EventEmitter {
  columns = 80;
  rows = 40;
  readonly isTTY = true;
  text = '';
  write(part: string, written?: () => void): boolean {
    this.text += part;
    written?.();
    return true;
  }
}

ui('a resized terminal gets a frame of its size', async () => {
  const app = render(createElement(App, { state: play(script.slice(0, 60)).state, theme: PLAIN, now: () => 0 }));
  // The first line is the warning, which the terminal itself keeps.
  const widest = (): number =>
    Math.max(
      ...app
        .lastFrame()!
        .split('\n')
        .slice(1)
        .map((line) => [...line].length),
    );
  assert.ok(widest() > 60);
  // Effects, the one that listens to the terminal included, run after the first frame.
  await wait(20);
  Object.defineProperty(app.stdout, 'columns', { value: 40 });
  app.stdout.emit('resize');
  await wait(20);
  assert.ok(widest() <= 40, app.lastFrame()!);
  assert.match(app.lastFrame()!, /^cnn on onnx \(cpu\)$/m);
  app.unmount();
});

ui('done draws the last frame, leaves it, and gives the listeners back', async () => {
  const terminal = new Terminal();
  const stdout = terminal as unknown as NodeJS.WriteStream;
  const shown = renderUi({ stdout, theme: PLAIN });
  for (const { event } of script) shown.listener(event);
  await shown.done();
  await shown.done();
  const text = stripVTControlCharacters(terminal.text);
  assert.match(text.slice(text.lastIndexOf('tlp quickstart')), /Done: 6 epochs in .*\nKept in runs\/quickstart/s);
  assert.is(terminal.listenerCount('resize'), 0);
  const before = terminal.text;
  shown.listener(script[0]!.event);
  assert.is(terminal.text, before, 'nothing is drawn after done');
});

const player = fileURLToPath(new URL('../support/play-ui.ts', import.meta.url));
const played = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', player], {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm-256color', FORCE_COLOR: '1', ...env },
  });
  return stdout;
};

ui('NO_COLOR: the same text without a single colour, bold or dim', async () => {
  const [coloured, plain] = await Promise.all([played({}), played({ NO_COLOR: '1' })]);
  const codes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`);
  assert.ok(codes.test(coloured), 'there is colour to lose');
  assert.not.match(plain, codes);
  const ending = (text: string): string =>
    stripVTControlCharacters(text).slice(-400).trimEnd().split('\n').slice(-3).join();
  assert.match(ending(plain), /Kept in runs/);
});

ui.after(cleanup);

ui.run();
