// Odd files of every kind, whole and damaged (test/fixtures/images.py writes them): the pixels that Pillow gives, or what is wrong with them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DecodeImage, openDecoder } from '../../../../src/runtime/data/files/decode-image.ts';
import { ImageError, type Pixels } from '../../../../src/runtime/data/files/pixels.ts';

const test = suite('data: a corpus of odd files');

interface Expected {
  readonly width: number;
  readonly height: number;
  /** Of Pillow's `convert('RGB').tobytes()`. */
  readonly sha256: string;
  /** Where decoders of a lossy kind differ: by so much, from these bytes. */
  readonly near?: number;
  readonly bytes?: string;
}

const fixtures = new URL('../../../fixtures/', import.meta.url);
const { good, bad } = JSON.parse(readFileSync(new URL('images.json', fixtures), 'utf8')) as {
  readonly good: Readonly<Record<string, Expected>>;
  readonly bad: Readonly<Record<string, string>>;
};
const fixture = (name: string): Buffer => readFileSync(new URL(`images/${name}`, fixtures));

const rgb = ({ channels, bytes }: Pixels): Uint8Array =>
  channels === 3 ? bytes : Uint8Array.from({ length: bytes.length * 3 }, (_, i) => bytes[Math.floor(i / 3)]!);

const isRight = async (decode: DecodeImage, name: string, expected: Expected): Promise<void> => {
  const pixels = await decode(fixture(name));
  assert.equal([pixels.width, pixels.height], [expected.width, expected.height], name);
  const bytes = rgb(pixels);
  if (expected.near === undefined) {
    assert.is(createHash('sha256').update(bytes).digest('hex'), expected.sha256, name);
    return;
  }
  const wanted = Buffer.from(expected.bytes!, 'hex');
  const worst = Math.max(...bytes.map((value, i) => Math.abs(value - wanted[i]!)));
  assert.ok(worst <= expected.near, `${name} is off by ${worst}`);
};

const messageOf = async (decode: DecodeImage, name: string): Promise<string> => {
  try {
    await decode(fixture(name));
  } catch (error) {
    assert.instance(error, ImageError, `${name}: ${error}`);
    return (error as Error).message;
  }
  return 'it was read';
};

/** What the decoders of the project itself read, and JPEG. */
const PORTABLE = /\.(png|gif|bmp|jpg)$/;

for (const native of [true, false]) {
  const where = native ? 'here' : 'where sharp does not load';
  const decode = await openDecoder(native);
  const read = (name: string): boolean => native || (PORTABLE.test(name) && !/cmyk|ycck/.test(name));
  const names = Object.keys(good);

  test(`${where}: the pixels of Pillow`, async () => {
    for (const name of names.filter(read)) await isRight(decode, name, good[name]!);
  });

  test(`${where}: damaged files are named with what is wrong`, async () => {
    for (const [name, says] of Object.entries(bad).filter(([name]) => read(name)))
      assert.ok(
        (await messageOf(decode, name)).includes(says),
        `${name}: ${await messageOf(decode, name)}, not: ${says}`,
      );
  });

  if (!native)
    test('where sharp does not load: what it alone reads is named', async () => {
      for (const name of names.filter((name) => !read(name)))
        assert.match(await messageOf(decode, name), /^holds \w+.*, which sharp reads, and that does not load/);
    });
}

test('the corpus is large', () => {
  assert.ok(Object.keys(good).length >= 200 && Object.keys(bad).length >= 60);
});

test.run();
