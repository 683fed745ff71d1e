// Each file that `--resume` reads, damaged in every way: one line with file, cause and cure, never an internal error.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportFailure } from '../../bin/commands/fail.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { type BegunRun, readResume } from '../../src/session/read-resume.ts';
import { damages, flipBit } from '../support/damage.ts';
import { type FinishedRun, finishRun } from '../support/finished-run.ts';

const resume = suite('a run folder to resume');

let root = '';
let cut: FinishedRun;
resume.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  cut = await finishRun(join(root, 'runs'), { interrupted: true });
});
resume.after(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the folder that a test may damage; `sums`: with the checksums of its files, which a killed run does not have. */
const copy = (sums = false): string => {
  const folder = join(root, 'copy');
  rmSync(folder, { recursive: true, force: true });
  cpSync(cut.folder, folder, { recursive: true });
  if (!sums) rmSync(join(folder, 'SHA256SUMS'));
  return folder;
};

const attempt = (folder: string): Promise<BegunRun | RunFolderError> =>
  readResume(folder).catch((error: unknown) => {
    assert.instance(error, RunFolderError, error instanceof Error ? error.stack : String(error));
    return error as RunFolderError;
  });

const refused = async (folder: string): Promise<string> => {
  const error = await attempt(folder);
  if (!(error instanceof RunFolderError)) return assert.unreachable('it was read') as never;
  let text = '';
  const code = reportFailure(error, (part) => {
    text += part;
  });
  assert.is(code, 2);
  assert.match(text, /^tlp: [^\n]+\n$/);
  return error.message;
};

resume('gives plan, text, checkpoint, and the events of the epochs that the checkpoint has behind it', async () => {
  const { plan, texts, checkpoint, past } = (await attempt(copy())) as BegunRun;
  assert.equal(plan.runs, [cut.run]);
  assert.is(texts['pipeline.tlp'], '// digits\n');
  assert.is(checkpoint?.state.finished, 1);
  assert.equal(
    past.events.map((event) => [event.type, 'epoch' in event && event.epoch]),
    [['epoch_finished', 1]],
  );
});

/** Where a damage is none: an empty history is a history that was lost, and a last line may be cut by a kill. */
const harmless = new Set(['events.jsonl empty', 'events.jsonl cut in the middle', 'events.jsonl cut at its end']);

for (const file of ['pipeline.tlp', 'plan.yaml', 'checkpoint.safetensors', 'events.jsonl']) {
  for (const { what, apply } of damages) {
    if (harmless.has(`${file} ${what}`)) continue;
    resume(`${file} that is ${what} is named, with the cure`, async () => {
      const folder = copy();
      apply(join(folder, file));
      const message = await refused(folder);
      assert.ok(message.startsWith(join(folder, file)), message);
      assert.match(message, /: [^:]*(restore|put an empty file|take the line out|only the folder of an interrupted)/);
    });
  }
}

for (const file of ['pipeline.tlp', 'plan.yaml']) {
  resume(`any flipped bit of ${file} is noticed`, async () => {
    const folder = copy();
    const whole = readFileSync(join(folder, file));
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 60)) {
      writeFileSync(join(folder, file), whole);
      flipBit(join(folder, file), at);
      assert.match(await refused(folder), file);
    }
  });
}

resume('flipped bits of the checkpoint are noticed', async () => {
  const folder = copy();
  const file = join(folder, 'checkpoint.safetensors');
  const whole = readFileSync(file);
  const header = Number(whole.readBigUInt64LE(0));
  for (let at = 8 + header; at < whole.length; at += Math.ceil((whole.length - header) / 40)) {
    writeFileSync(file, whole);
    flipBit(file, at);
    assert.match(
      await refused(folder),
      /checkpoint\.safetensors cannot be used: its bytes are not those that were written: /,
    );
  }
});

resume('an event that is damaged names its line; the line that the kill cut is left out', async () => {
  const folder = copy();
  appendFileSync(join(folder, 'events.jsonl'), '{"type":"epoch_fin');
  assert.is(((await attempt(folder)) as BegunRun).past.events.length, 1);
  appendFileSync(join(folder, 'events.jsonl'), '\n');
  assert.match(await refused(folder), /events\.jsonl is damaged in line 4: take the line out/);
});

resume('an empty history is a lost one: the run goes on', async () => {
  const folder = copy();
  writeFileSync(join(folder, 'events.jsonl'), '');
  assert.equal(((await attempt(folder)) as BegunRun).past.events, []);
});

resume('a plan that was changed since is not resumed in silence', async () => {
  const folder = copy();
  const file = join(folder, 'plan.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('epochs: 3', 'epochs: 4'));
  assert.match(await refused(folder), /plan\.yaml is not the one that checkpoint\.safetensors was made for/);
});

resume('a damaged figure in the history is noticed, though each line is an event', async () => {
  const folder = copy();
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"loss":0.5', '"loss":0.7'));
  assert.match(
    await refused(folder),
    /events\.jsonl is not as the run left it at its checkpoint: put an empty file there/,
  );
});

for (const file of ['pipeline.tlp', 'plan.yaml', 'checkpoint.safetensors', 'events.jsonl', 'SHA256SUMS']) {
  resume(`every flipped bit of ${file} is noticed by the checksums of the folder`, async () => {
    const size = readFileSync(join(cut.folder, file)).length;
    for (let i = 0; i < 40; i += 1) {
      const folder = copy(true);
      const at = Math.floor(((i + 0.5) * size) / 40);
      flipBit(join(folder, file), at);
      // a flip in the sums of a file that nobody reads here is harmless
      const read = await attempt(folder);
      if (file === 'SHA256SUMS' && !(read instanceof RunFolderError)) continue;
      assert.instance(read, RunFolderError, `byte ${at}`);
    }
  });
}

resume('a damaged checkpoint is passed over for the one before it, and that is said', async () => {
  for (const what of ['damaged', 'missing']) {
    const folder = copy();
    const newest = join(folder, 'checkpoint.safetensors');
    cpSync(newest, join(folder, 'checkpoint.previous.safetensors'));
    if (what === 'damaged') flipBit(newest, 1000);
    else rmSync(newest);
    const { checkpoint, notes } = (await attempt(folder)) as BegunRun;
    assert.is(checkpoint!.state.finished, 1);
    assert.is(notes.length, 1);
    assert.match(notes[0]!, /checkpoint\.safetensors .* goes on from the checkpoint before it\.$/);
    flipBit(join(folder, 'checkpoint.previous.safetensors'), 1000);
    assert.match(await refused(folder), /checkpoint\.safetensors/);
  }
});

resume.run();
