// Verb: the bytes of a JPEG file to pixels, by mozjpeg as WebAssembly, for machines on which sharp does not load: the same bytes, grey or colour.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import createModule from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { requiredFrame } from './jpeg-frame.ts';
import { checkSize, ImageError, type Pixels, truncated, withoutSharp } from './pixels.ts';

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
    const frame = requiredFrame(bytes);
    checkSize(frame);
    if (frame.components === 4) throw withoutSharp('CMYK JPEG');
    said.length = 0;
    let image: DecodedImage | null = null;
    try {
      image = withImageData(() => decoder.decode(bytes, false));
    } catch {
      // What is wrong was said.
    }
    if (said.some((line) => line.startsWith('Premature end'))) throw truncated();
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
