// Decoded bytes against PIL's, sizes against PIL's and the fused kernel, and what is said about damaged files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernel } from '../../../../src/compiler/kernels/emit-kernel.ts';
import { openDecoder } from '../../../../src/runtime/data/files/decode-image.ts';
import { fitImage } from '../../../../src/runtime/data/files/fit-image.ts';
import type { Pixels } from '../../../../src/runtime/data/files/pixels.ts';
import { compileKernel } from '../../../../src/runtime/loader/compile-kernel.ts';

const test = suite('data: image files');

const fixture = (name: string): Buffer => readFileSync(new URL(`../../../support/images/${name}`, import.meta.url));
const decode = await openDecoder();
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const colour = (pixels: Pixels): Uint8Array =>
  fitImage(pixels, { image: { ...pixels, channels: 3 }, interpolation: 'bilinear', antialias: false });

/** SHA-256 of PIL's `Image.open(name).convert('RGB').tobytes()`. */
const pil: Readonly<Record<string, string>> = {
  'colour.jpg': '335ab3a5a68bde2c35f901d36f7635f5c55aa5fb880362d4c3cbca39210b00df',
  'progressive.jpg': 'a5674c14b907829fc9da66a9452d4bf9a68b7effb5b7c255393989811fb858ae',
  'grey.jpg': '48977135084d4630bbbce271551d7958069b6e9ef79b225716bea6ce99e6a56f',
  'palette.png': '5007f13726a54f94afb57a6934edb64bd1b11b7a79a4886c4c943ac9d994fb2e',
  'bits.png': '236d3bf315953d6cf211e2a07788240a1f1617a8ec8af1063f44added2cc65bd',
  'alpha.png': '91f1f6d2c04c79bfbf4d0e245dfc8aafc668c71f296ef702f68c04848197eb31',
};

for (const [name, digest] of Object.entries(pil)) {
  test(`${name}: the bytes that PIL gives`, async () => {
    const pixels = await decode(fixture(name));
    assert.equal([pixels.width, pixels.height], [24, 16]);
    assert.is(sha(colour(pixels)), digest);
  });
}

test('grey of colour is PIL\'s mode "L"', async () => {
  const pixels = await decode(fixture('colour.jpg'));
  const fit = { image: { height: 16, width: 24, channels: 1 }, interpolation: 'bilinear', antialias: false } as const;
  assert.is(sha(fitImage(pixels, fit)), '98f0f5305dc78bfd381f22a4e192f9af34389b68b627e36bb4a6cd54a2b86753');
});

const near = (actual: Uint8Array, expected: readonly number[], most: number): void => {
  assert.is(actual.length, expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
  assert.ok(worst <= most, `off by ${worst}: ${[...actual]}`);
};

/** PIL 12: `resize((5, 3), Image.BILINEAR)` of colour.jpg, and `resize((5, 4), …)` of its first 3x2 pixels. */
const SHRUNK =
  '26 50 231 74 63 210 127 78 186 180 92 162 226 106 140 27 127 212 74 140 191 127 154 168 180 168 145 228 178 125 27 203 193 78 191 176 128 168 151 178 137 125 221 116 104';
const CROPPED = '2 1 242 9 5 239 20 9 233 6 14 247 13 18 244 23 22 237';
const ENLARGED =
  '2 1 242 5 3 241 9 5 239 16 7 235 20 9 233 3 4 243 6 6 242 10 8 240 17 10 236 21 12 234 5 11 246 8 13 245 12 15 243 18 17 239 22 19 236 6 14 247 9 16 246 13 18 244 19 20 240 23 22 237';
const numbers = (text: string): readonly number[] => text.split(' ').map(Number);

test('sizes as PIL makes them, up to its rounding between the two axes', async () => {
  const shrunk = fitImage(await decode(fixture('colour.jpg')), {
    image: { height: 3, width: 5, channels: 3 },
    interpolation: 'bilinear',
    antialias: true,
  });
  near(shrunk, numbers(SHRUNK), 1);
  const cropped: Pixels = { width: 3, height: 2, channels: 3, bytes: Uint8Array.from(numbers(CROPPED)) };
  for (const antialias of [true, false]) {
    const fit = { image: { height: 4, width: 5, channels: 3 }, interpolation: 'bilinear', antialias } as const;
    near(fitImage(cropped, fit), numbers(ENLARGED), 1);
  }
});

test('sizes as the fused kernel makes them, so that files and built-in sources look alike to a network', async () => {
  const pixels = await decode(fixture('colour.jpg'));
  const source = { height: 16, width: 24, channels: 3 };
  for (const interpolation of ['bilinear', 'nearest'] as const)
    for (const antialias of [false, true])
      for (const [height, width] of [
        [7, 5],
        [16, 24],
        [40, 30],
        [1, 1],
        [5, 60],
      ] as const) {
        if (antialias && interpolation === 'nearest') continue;
        const output = { height, width, channels: 3 };
        const kernel = compileKernel(
          emitKernel({
            source,
            output,
            layout: 'nhwc',
            interpolation,
            antialias,
            augment: [],
            batch: [],
            order: [0, 1, 2],
            scale: [1, 1, 1],
            offset: [0, 0, 0],
          }),
        );
        const expected = new Float32Array(height * width * 3);
        kernel(pixels.bytes, expected, 0, Math.random);
        near(fitImage(pixels, { image: output, interpolation, antialias }), [...expected], 0.51);
      }
});

test('the decoder goes on after a damaged file', async () => {
  const jpeg = fixture('colour.jpg');
  for (const decoder of [decode, await openDecoder(false)])
    for (const bytes of [jpeg.subarray(0, 400), Buffer.from('hello'), jpeg.subarray(0, 60), Buffer.alloc(0)]) {
      const message = await decoder(bytes).then(
        () => 'it was read',
        (error: Error) => error.message,
      );
      assert.match(message, /^is /);
      assert.is(sha(colour(await decoder(jpeg))), pil['colour.jpg']);
    }
});

test.run();
