// Verb: the bytes of a JPEG, WebP, TIFF or AVIF file to pixels, by libvips: the bytes that Pillow gives, several images at a time in threads of their own.
import type { Sharp, SharpOptions } from 'sharp';
import type { ImageKind } from './image-kind.ts';
import { requiredFrame } from './jpeg-frame.ts';
import { checkSize, damaged, ImageError, type Pixels, truncated } from './pixels.ts';

export type OpenSharp = (bytes: Uint8Array, options: SharpOptions) => Sharp;

/** Null where this machine has no binary of it. */
export const loadSharp = async (): Promise<OpenSharp | null> => {
  try {
    const { default: sharp } = await import('sharp');
    // Each image is decoded once, and the images are what runs at the same time.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  } catch {
    return null;
  }
};

/** What is stored is what is wanted: profiles and orientation are left alone, as Keras does. What is damaged but not cut, libjpeg mends. */
const OPTIONS: SharpOptions = { failOn: 'truncated', ignoreIcc: true, sequentialRead: true, limitInputPixels: false };

/** Broken strips of a TIFF file are zeros otherwise. */
const FAIL_ON: Partial<Record<ImageKind, SharpOptions['failOn']>> = { TIFF: 'error' };

type Space = 'b-w' | 'srgb' | 'cmyk';

const BY_COMPONENTS: Readonly<Record<number, Space>> = { 1: 'b-w', 4: 'cmyk' };

/** Pillow's: what ink leaves of white, (255 - ink) (255 - black) / 255 rounded. */
const fromInk = (ink: Uint8Array, width: number, height: number): Pixels => {
  const bytes = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const white = 255 - ink[i * 4 + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = ink[i * 4 + c]! * white + 128;
      bytes[i * 3 + c] = Math.max(0, white - (((product >> 8) + product) >> 8));
    }
  }
  return { width, height, channels: 3, bytes };
};

/** What libvips says of a cut file. */
const CUT =
  /premature end|unexpected end of file|unable to parse|out of order read|read error|not enough|truncated|EOF/i;

const errorOf = (error: unknown): ImageError => {
  const said = error instanceof Error ? error.message : String(error);
  if (CUT.test(said)) return truncated();
  const reason = said.split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
  return new ImageError(`cannot be decoded (${reason.replace(/^Input buffer has corrupt header: |^Vips\w*: /g, '')})`);
};

/** How its colours are stored; the header of a JPEG file says it. Throws ImageError. */
const spaceOf = async (open: OpenSharp, kind: ImageKind, bytes: Uint8Array, options: SharpOptions): Promise<Space> => {
  if (kind === 'JPEG') return BY_COMPONENTS[requiredFrame(bytes).components] ?? 'srgb';
  const { width, height, space, channels } = await open(bytes, options).metadata();
  checkSize({ width, height });
  if (space === 'cmyk') return space;
  return space === 'b-w' && channels < 3 ? space : 'srgb';
};

/** Throws ImageError. */
export const decodeBySharp = async (open: OpenSharp, kind: ImageKind, bytes: Uint8Array): Promise<Pixels> => {
  const options = { ...OPTIONS, failOn: FAIL_ON[kind] ?? OPTIONS.failOn };
  try {
    const space = await spaceOf(open, kind, bytes, options);
    const image = open(bytes, options).toColourspace(space);
    const wanted = space === 'cmyk' ? image.pipelineColourspace(space) : image.removeAlpha();
    const { data, info } = await wanted.raw().toBuffer({ resolveWithObject: true });
    if (space === 'cmyk' && info.channels === 4) return fromInk(data, info.width, info.height);
    if (info.channels !== 1 && info.channels !== 3) throw damaged(`it has ${info.channels} channels`);
    return { width: info.width, height: info.height, channels: info.channels, bytes: data };
  } catch (error) {
    throw error instanceof ImageError ? error : errorOf(error);
  }
};
