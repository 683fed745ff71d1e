// A loader opened before anybody asks: taken once, by who wants the same masks, and closed where nobody does.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { MaskInput } from '../../../src/compiler/onnx/step-program.ts';
import type { Loader } from '../../../src/runtime/loader/loader.ts';
import { openAhead } from '../../../src/runtime/loader/open-ahead.ts';

const test = suite('open a loader ahead');

const mask: MaskInput = { name: 'm', shape: [4], rate: 0.5 };

/** Opens loaders that tell what happens to them; numbers count from 1. */
const recorder = () => {
  const happened: string[] = [];
  let opened = 0;
  const open = async (masks: readonly MaskInput[]): Promise<Loader> => {
    opened += 1;
    const number = opened;
    happened.push(`open ${number} for ${masks.length}`);
    return {
      batches: async function* () {},
      identify: async () => ({ digests: new Uint8Array(), labels: new Uint16Array() }),
      close: async () => void happened.push(`close ${number}`),
    };
  };
  return { happened, open };
};

test('who wants the same masks gets it, once', async () => {
  const { happened, open } = recorder();
  const ahead = openAhead(open, [mask]);
  assert.equal(happened, ['open 1 for 1']);
  await (await ahead.open([mask])).close();
  await (await ahead.open([mask])).close();
  await ahead.close();
  assert.equal(happened, ['open 1 for 1', 'close 1', 'open 2 for 1', 'close 2']);
});

test('other masks get another one, and the one that nobody took is closed', async () => {
  const { happened, open } = recorder();
  const ahead = openAhead(open, [mask]);
  await ahead.open([]);
  await ahead.close();
  assert.equal(happened, ['open 1 for 1', 'open 2 for 0', 'close 1']);
});

test('a fault is thrown where it is asked for, and nowhere else', async () => {
  const fail = async (): Promise<Loader> => {
    throw new Error('no data');
  };
  const unused = openAhead(fail, []);
  await unused.close();
  const used = openAhead(fail, []);
  const fault = await used.open([]).catch((error: Error) => error.message);
  assert.is(fault, 'no data');
});

test.run();
