// Checkpoints: what is written comes back; what is damaged is told.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeTensors, encodeTensors, TensorFileError } from '../../../src/runtime/checkpoint/safetensors.ts';
import { decodeCheckpoint, digestOfText, encodeCheckpoint } from '../../../src/runtime/checkpoint/write-checkpoint.ts';
import type { Checkpoint } from '../../../src/runtime/trainer/trainer.ts';

const file = suite('safetensors');

const tensors = new Map([
  ['a', Float32Array.of(1, -2.5, Number.NaN)],
  ['b/ü', Float32Array.of()],
  ['c', Float32Array.of(3e-38)],
]);

file('tensors and metadata come back bit by bit', () => {
  const back = decodeTensors(encodeTensors({ metadata: { key: 'value "quoted"' }, tensors }));
  assert.equal(back.metadata, { key: 'value "quoted"' });
  assert.equal([...back.tensors.keys()], ['a', 'b/ü', 'c']);
  for (const [name, values] of tensors) {
    assert.equal(new Uint8Array(back.tensors.get(name)!.buffer), new Uint8Array(values.buffer), name);
  }
});

file('a Buffer in the middle of its memory is read as well', () => {
  const back = decodeTensors(Buffer.from(encodeTensors({ metadata: {}, tensors })));
  assert.equal([...back.tensors.get('a')!], [1, -2.5, Number.NaN]);
  assert.is(back.tensors.get('a')!.byteOffset, 0);
});

file('has the layout of the safetensors format: length, JSON header padded by spaces to 8, data', () => {
  const bytes = encodeTensors({ metadata: {}, tensors: new Map([['w', Float32Array.of(1)]]) });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.is((8 + length) % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assert.equal(header, { __metadata__: {}, w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
  assert.equal([...bytes.subarray(8 + length)], [0, 0, 0x80, 0x3f]);
});

file('every cut is noticed', () => {
  const bytes = encodeTensors({ metadata: {}, tensors });
  for (let length = 0; length < bytes.length; length += 1) {
    assert.throws(
      () => decodeTensors(bytes.subarray(0, length)),
      (error: unknown) => error instanceof TensorFileError,
    );
  }
});

file.run();

const checkpoints = suite('checkpoint');

const texts = { 'plan.yaml': digestOfText('version: 1\n') };
const events = { bytes: 12, sha256: 'a'.repeat(64) };

const checkpoint: Checkpoint = {
  state: {
    stage: 1,
    epoch: 2,
    finished: 12,
    step: 3,
    sums: { loss: 0.5, correct: 7, count: 96 },
    iteration: 423,
    learningRate: 5e-4,
    stopped: false,
    last: null,
    best: null,
    earlyStopping: { best: 0.25, bestEpoch: 1, wait: 1, stored: true },
    reduceLr: { best: 0.25, wait: 1, cooldown: 0 },
    checkpoint: { best: null },
  },
  weights: new Map([['dense/kernel', Float32Array.of(1, 2)]]),
  slots: new Map([['dense/kernel/m', Float32Array.of(3)]]),
  best: new Map([['dense/kernel', Float32Array.of(4, 5)]]),
  average: null,
  epoch: new Map([['dense/kernel', Float32Array.of(6, 7)]]),
};

checkpoints('comes back as it was', () => {
  const stored = { checkpoint, texts, events };
  assert.equal(decodeCheckpoint(encodeCheckpoint(stored)), stored);
});

checkpoints('every flipped bit is noticed, wherever it is', () => {
  const bytes = encodeCheckpoint({ checkpoint, texts, events });
  const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const isPadding = (at: number): boolean => at >= 8 && at < 8 + header && /^ *$/.test(text.slice(at - 8));
  const text = new TextDecoder('latin1').decode(bytes.subarray(8, 8 + header));
  // The shape is written for other readers: lengths are read from the offsets.
  const unread = [...text.matchAll(/"shape":\[\d+\]/g)].map(({ index, 0: { length } }) => [index + 8, length] as const);
  let flips = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (isPadding(at) || unread.some(([from, length]) => at >= from && at < from + length)) continue;
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    flips += 1;
    assert.throws(
      () => decodeCheckpoint(damaged),
      (error: unknown) => error instanceof TensorFileError,
      `byte ${at}`,
    );
  }
  assert.ok(flips > 500);
});

const headers: readonly (readonly [string, string])[] = [
  ['null', 'its header is damaged'],
  ['[]', 'its header is damaged'],
  ['7', 'its header is damaged'],
  ['{"a":7}', 'its entry of a is damaged'],
  ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}', 'its tensor a is not float32'],
  ['{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 'its tensor a is not float32'],
];

for (const [header, message] of headers) {
  checkpoints(`a header of another type is told: ${header}`, () => {
    const bytes = new Uint8Array(8 + header.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    assert.throws(
      () => decodeTensors(bytes),
      (error: unknown) => error instanceof TensorFileError && error.message === message,
    );
  });
}

checkpoints('another safetensors file is not taken for one', () => {
  const other = encodeTensors({ metadata: {}, tensors });
  assert.throws(() => decodeCheckpoint(other), /not a checkpoint of this version/);
});

checkpoints.run();
