// What no stage changes is held against its start: a hash in the result, and a planted drift is told.
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledRun } from '../../../src/compiler/compiled-run.ts';
import { frozenNames } from '../../../src/runtime/trainer/frozen-weights.ts';
import { trainRun } from '../../../src/runtime/trainer/train-run.ts';
import { type FakeOptions, fakeEngine, fakeRequest, fakeRun, fakeStage } from '../../support/fake-engine.ts';

const frozen = suite('frozen weights');

/** The fake run below a frozen layer of two weights. */
const compiledWith = (compiled: CompiledRun): CompiledRun => {
  const head = compiled.model.layers[0]!;
  const weights = ['base/kernel', 'base/bias'].map((name) => ({ ...head.weights[0]!, name }));
  return { ...compiled, model: { ...compiled.model, layers: [{ ...head, name: 'base', weights }, head] } };
};

const train = async (options: FakeOptions) => {
  const stages = [fakeStage({ epochs: 1 }), fakeStage({ epochs: 1 })];
  const weights = new Map([
    ['base/kernel', Float32Array.of(0.5)],
    ['base/bias', Float32Array.of(-1)],
    ['dense/kernel', Float32Array.of(0)],
  ]);
  const more = { compiled: compiledWith(fakeRun(stages)), weights };
  const { request, events } = fakeRequest({ stages, train: [1, 2, 3], engine: fakeEngine(options), more });
  const { result } = await trainRun(request);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { frozen: result.frozen, warnings };
};

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

frozen('their hash is over names and bytes, and the result says that they stayed', async () => {
  const { frozen, warnings } = await train({});
  const hash = (value: number): string => sha256(new Uint8Array(Float32Array.of(value).buffer));
  const all = sha256(`base/kernel ${hash(0.5)}\nbase/bias ${hash(-1)}\n`);
  assert.equal(frozen, { tensors: 2, sha256: all, unchanged: true });
  assert.equal(warnings, []);
});

frozen('a drift is told by name, be it in the last bit and in the very memory that the run began with', async () => {
  for (const by of [1, 2 ** -24]) {
    const { frozen, warnings } = await train({ drift: { name: 'base/kernel', by } });
    assert.is(frozen.unchanged, false);
    assert.is(warnings.length, 1);
    assert.match(warnings[0]!, /^Internal error: frozen weights of run "main" changed in training: base\/kernel\. /);
  }
});

frozen('weights that one stage trains are not frozen; a stage without epochs trains nothing', () => {
  const compiled = compiledWith(fakeRun([fakeStage({ epochs: 1 }), fakeStage({ epochs: 0 })]));
  const [first, second] = compiled.stages;
  const thawed = { trainable: new Set(['base/kernel']), moving: new Set(['base/bias']) };
  const names = (...stages: CompiledRun['stages']): readonly string[] => frozenNames({ ...compiled, stages });
  assert.equal(names(first!, { ...second!, trained: thawed }), ['base/kernel', 'base/bias']);
  assert.equal(names({ ...first!, trained: thawed }, second!), ['dense/kernel']);
  assert.equal(names(first!, { ...first!, trained: thawed }), []);
});

frozen.run();
