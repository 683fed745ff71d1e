// Verb: the bytes of an image file to pixels. What a file is, its first bytes say, not its name.
import { decodeBmp } from './decode-bmp.ts';
import { decodeGif } from './decode-gif.ts';
import { openJpegDecoder } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import { decodeBySharp, loadSharp } from './decode-sharp.ts';
import { checkEnds } from './image-header.ts';
import { type ImageKind, kindOf } from './image-kind.ts';
import { jpegFrame } from './jpeg-frame.ts';
import { type Pixels, withoutSharp } from './pixels.ts';

type Decode = (bytes: Uint8Array) => Pixels | Promise<Pixels>;

/** Throws ImageError. */
export type DecodeImage = (bytes: Buffer) => Promise<Pixels>;

const own = { PNG: decodePng, GIF: decodeGif, BMP: decodeBmp } satisfies Partial<Record<ImageKind, Decode>>;

const openDecoders = async (native: boolean): Promise<Readonly<Record<ImageKind, Decode>>> => {
  const sharp = native ? await loadSharp() : null;
  const by = (kind: ImageKind): Decode => {
    if (sharp !== null) return (bytes) => decodeBySharp(sharp, kind, bytes);
    return () => {
      throw withoutSharp(kind);
    };
  };
  const JPEG = sharp === null ? await openJpegDecoder() : by('JPEG');
  return { ...own, JPEG, WebP: by('WebP'), TIFF: by('TIFF'), AVIF: by('AVIF') };
};

/** Kinds that are read without sharp. */
const isOwn = (kind: ImageKind, head: Buffer): boolean =>
  kind in own || (kind === 'JPEG' && jpegFrame(head)?.components !== 4);

/** Throws ImageError where an image of this kind, of which `head` are the first bytes, cannot be decoded on this machine. */
export const checkKind = async (kind: ImageKind, head: Buffer): Promise<void> => {
  if (!isOwn(kind, head) && (await loadSharp()) === null) throw withoutSharp(kind);
};

/** Loads the decoders. `native` false: as on a machine on which sharp does not load; JPEG images give the same pixels. */
export const openDecoder = async (native = true): Promise<DecodeImage> => {
  const decoders = await openDecoders(native);
  return async (bytes) => {
    const kind = kindOf(bytes);
    checkEnds(kind, { head: bytes, tail: bytes, length: bytes.length }, () => bytes);
    return decoders[kind](bytes);
  };
};
