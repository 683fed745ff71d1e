// The small pure parts: wrapping, sharing out rows, theme, and the throttled store.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunsState } from '../../src/runtime/run-state.ts';
import { roomsFor, type Wanted, widthsFor } from '../../src/ui/layout.ts';
import { createStore, FRAME_MILLISECONDS } from '../../src/ui/store.ts';
import { themeOf } from '../../src/ui/theme.ts';
import { wrapWords } from '../../src/ui/wrap.ts';
import { fakeRun } from '../support/fake-run.ts';

const parts = suite('ui parts');

parts('words wrap at the width, long ones are cut, no line begins with a blank', () => {
  assert.equal(wrapWords('one two three', 7), ['one two', 'three']);
  assert.equal(wrapWords('abcdefgh ij', 3), ['abc', 'def', 'gh', 'ij']);
  assert.equal(wrapWords('abcdefgh ij', 5), ['abcde', 'fgh', 'ij']);
  assert.equal(wrapWords('', 5), ['']);
});

const wanted: Wanted = { fixed: 6, gap: 4, charts: true, notes: [1, 1, 1], results: 0 };

parts('the gap comes first, then the charts; the rest grows with the rows', () => {
  assert.equal(roomsFor(24, false, wanted), { gap: true, chart: 6, notes: 2, results: 0 });
  assert.is(roomsFor(16, false, wanted).chart, 0);
  assert.ok(roomsFor(16, false, wanted).gap);
  assert.equal(roomsFor(8, false, wanted), { gap: false, chart: 0, notes: 0, results: 0 });
  assert.is(roomsFor(60, false, { ...wanted, results: 20 }).results, 20);
  assert.is(roomsFor(60, false, wanted).notes, 3, 'there is room for every note');
  assert.is(roomsFor(60, false, { ...wanted, notes: [1, 1, 1, 1, 1, 1] }).notes, 4, 'the latest four');
});

parts('bars and charts fit into the columns', () => {
  for (let columns = 20; columns <= 140; columns++) {
    const { width, narrow, chart, bar } = widthsFor(columns);
    assert.ok(width <= Math.max(20, columns));
    assert.ok(bar > 0 && chart > 0);
    assert.ok((narrow ? chart + 8 : 2 * (chart + 8) + 4) <= width, `charts at ${columns}`);
  }
});

parts('theme: NO_COLOR, dumb terminals, locales without UTF-8', () => {
  assert.equal(themeOf({ TERM: 'xterm-256color', LANG: 'en_US.UTF-8' }, 'linux'), { color: true, unicode: true });
  assert.equal(themeOf({ NO_COLOR: '1', LANG: 'C.UTF-8' }, 'linux'), { color: false, unicode: true });
  assert.equal(themeOf({ NO_COLOR: '' }, 'linux'), { color: true, unicode: true });
  assert.equal(themeOf({ TERM: 'dumb' }, 'linux'), { color: false, unicode: false });
  assert.is(themeOf({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux').unicode, false);
  assert.is(themeOf({ LANG: 'de_DE.utf8' }, 'darwin').unicode, true);
  assert.is(themeOf({ TERM: 'linux', LANG: 'C.UTF-8' }, 'linux').unicode, false);
  assert.is(themeOf({ WT_SESSION: 'x' }, 'win32').unicode, true);
  assert.is(themeOf({}, 'win32').unicode, false);
});

parts('the store takes every event at once and tells the screen in bundles', () => {
  const tasks: (() => void)[] = [];
  const delays: number[] = [];
  const shown: RunsState[] = [];
  const store = createStore(
    (task, milliseconds) => {
      tasks.push(task);
      delays.push(milliseconds);
    },
    (state) => void shown.push(state),
  );
  const script = fakeRun();
  for (const timed of script.slice(0, 20)) store.dispatch(timed);
  assert.is(shown.length, 0);
  assert.equal(delays, [FRAME_MILLISECONDS]);
  tasks[0]!();
  assert.is(shown.length, 1);
  assert.is(shown[0]!.run!.epoch, 1);
  for (const timed of script.slice(20)) store.dispatch(timed);
  assert.is(tasks.length, 2);
  store.flush();
  assert.is(shown.length, 2);
  assert.ok(shown[1]!.finished);
  tasks[1]!();
  assert.is(shown.length, 2, 'nothing new, nothing shown');
});

parts.run();
