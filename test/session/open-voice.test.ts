// Who hears what of a run, and when.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunEvent } from '../../src/runtime/events.ts';
import { openVoice } from '../../src/session/open-voice.ts';

const voice = suite('the voice of a run');

const warning = (message: string): RunEvent => ({ type: 'warning', message });

voice('listeners hear at once; the folder hears what came early, then the rest', () => {
  const heard: string[] = [];
  const recorded: RunEvent[] = [];
  const listener = (who: string) => (event: RunEvent) => {
    if (event.type === 'warning') heard.push(`${who} ${event.message}`);
  };
  const { say, record } = openVoice([listener('a'), listener('b')]);
  say(warning('early'));
  assert.equal(heard, ['a early', 'b early']);
  record({ listener: (event) => recorded.push(event) });
  say(warning('late'));
  assert.equal(recorded, ['early', 'late'].map(warning));
  assert.is(heard.length, 4);
});

voice.run();
