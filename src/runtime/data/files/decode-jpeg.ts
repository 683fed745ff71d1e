// Verb: the bytes of a JPEG file to pixels, by mozjpeg as WebAssembly: the same bytes that libjpeg gives PIL and Keras.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import createModule from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { ImageError, MOST_PIXELS, type Pixels } from './pixels.ts';

/** What the decoder makes: red, green, blue, 255 for each pixel. */
class DecodedImage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

interface Decoder {
  decode(bytes: Uint8Array, preserveOrientation: boolean): DecodedImage | null;
}

interface DecoderOptions {
  readonly noInitialRun: boolean;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (imports: object, done: (instance: object) => void) => object;
}

/** Part of every JavaScript engine, but in none of the type libraries used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

const WASM = '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';

/** The size stands in the frame header: a marker C0 to CF, but for C4, C8 and CC. */
const refuseHuge = (bytes: Uint8Array): void => {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    const word = (from: number): number => bytes[from]! * 256 + bytes[from + 1]!;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const [height, width] = [word(at + 5), word(at + 7)];
      if (width * height > MOST_PIXELS) throw new ImageError(`is too large: ${width}x${height} pixels`);
      return;
    }
    at += 2 + word(at + 2);
  }
};

/** The decoder makes its result by a name of the browser, which it looks up in the global scope. */
const withImageData = <T>(work: () => T): T => {
  const scope = globalThis as { ImageData?: unknown };
  const before = scope.ImageData;
  scope.ImageData = DecodedImage;
  try {
    return work();
  } finally {
    if (before === undefined) delete scope.ImageData;
    else scope.ImageData = before;
  }
};

/** Loads the decoder (about 15 ms). Its `decode` throws ImageError, and is good for the next image after that. */
export const openJpegDecoder = async (): Promise<(bytes: Uint8Array) => Pixels> => {
  const said: string[] = [];
  const wasm = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(WASM)));
  const options: DecoderOptions = {
    noInitialRun: true,
    printErr: (line) => said.push(line),
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(wasm, imports);
      done(instance);
      return instance.exports;
    },
  };
  const decoder = await (createModule as (options: DecoderOptions) => Promise<Decoder>)(options);
  return (bytes) => {
    refuseHuge(bytes);
    said.length = 0;
    let image: DecodedImage | null = null;
    try {
      image = withImageData(() => decoder.decode(bytes, false));
    } catch {
      // What is wrong was said.
    }
    if (said.some((line) => line.startsWith('Premature end'))) throw new ImageError('is truncated: its end is missing');
    if (image === null) throw new ImageError(`cannot be decoded (${said[0] ?? 'no reason was given'})`);
    const { width, height, data } = image;
    const out = new Uint8Array(width * height * 3);
    for (let i = 0, o = 0; o < out.length; i += 4, o += 3) {
      out[o] = data[i]!;
      out[o + 1] = data[i + 1]!;
      out[o + 2] = data[i + 2]!;
    }
    return { width, height, channels: 3, bytes: out };
  };
};
