// `--json`: one event a line; the last line exactly as documented.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLines } from '../../src/report/json-lines.ts';
import { type FakeOptions, fakeRun } from '../support/fake-run.ts';

const json = suite('json lines');

const written = (options: FakeOptions): string[] => {
  const parts: string[] = [];
  const listener = jsonLines((text) => parts.push(text));
  for (const { event } of fakeRun(options)) listener(event);
  return parts;
};

json('one event a line, each whole and ended by a line feed', () => {
  const script = fakeRun({ warning: 'two\nlines' });
  const parts = written({ warning: 'two\nlines' });
  assert.is(parts.length, script.length);
  for (const [i, part] of parts.entries()) {
    assert.is(part.indexOf('\n'), part.length - 1);
    assert.is(JSON.parse(part).type, script[i]!.event.type);
  }
});

json('the last line holds the documented keys in their order', () => {
  const last = written({ runs: ['A', 'B'], epochs: 2 }).at(-1)!;
  const number = '-?[0-9.e-]+';
  const score = `\\{"loss":${number},"accuracy":${number}\\}`;
  const run =
    `\\{"name":"[AB]","status":"done","seconds":${number},"epochs":2,"train":${score},"validation":${score},` +
    `"test":${score},"gap":${number},"parameters":\\{"total":93322,"trainable":93322\\},` +
    `"frozen":\\{"tensors":0,"sha256":"a{64}","unchanged":true\\},"folder":"runs/[^"]+"\\}`;
  assert.match(last, new RegExp(`^\\{"type":"finished","runs":\\[${run},${run}\\]\\}\n$`));
});

json('what a result holds besides is not written', () => {
  const parts: string[] = [];
  const finished = fakeRun({ epochs: 1 }).at(-1)!.event;
  if (finished.type !== 'finished') throw new Error('the script does not end with finished');
  const extra = { ...finished.runs[0]!, secret: 1 };
  jsonLines((text) => parts.push(text))({ type: 'finished', runs: [extra] });
  assert.not.match(parts[0]!, /secret/);
});

json('figures that are not numbers become null', () => {
  const { runs } = JSON.parse(written({ ends: { after: 2, status: 'diverged' } }).at(-1)!);
  assert.is(runs[0].status, 'diverged');
  assert.equal(runs[0].train, { loss: null, accuracy: null });
});

json('without validation it is null, and so is the gap', () => {
  const { runs } = JSON.parse(written({ validation: false, epochs: 1 }).at(-1)!);
  assert.is(runs[0].validation, null);
  assert.is(runs[0].gap, null);
});

json.run();
