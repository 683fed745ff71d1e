// The page of a person who uses an exported model: loads it as tfjs documents it, reads the pixels of images from a canvas, predicts.
import '@tensorflow/tfjs-backend-cpu';
import { type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

interface Metadata {
  readonly classes: readonly string[];
  readonly image: { readonly height: number; readonly width: number; readonly channels: number };
  readonly normalize: {
    readonly order: 'rgb' | 'bgr';
    readonly scale: readonly number[];
    readonly offset: readonly number[];
  };
}

/** What the page needs of a browser; the types of a whole one are not here. */
interface Browser {
  readonly fetch: (path: string, options?: object) => Promise<{ json(): Promise<unknown>; blob(): Promise<object> }>;
  readonly createImageBitmap: (blob: object) => Promise<object>;
  readonly OffscreenCanvas: new (
    width: number,
    height: number,
  ) => {
    getContext(kind: '2d'): {
      drawImage(image: object, x: number, y: number): void;
      getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
    };
  };
}
const browser = globalThis as unknown as Browser;

/** The network's input: channels in the model's order, scaled and shifted as model.json says. The image has its size. */
const prepare = async (name: string, { image, normalize }: Metadata): Promise<Tensor> => {
  const { height, width, channels } = image;
  const canvas = new browser.OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(await browser.createImageBitmap(await (await browser.fetch(name)).blob()), 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const values = new Float32Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    for (let c = 0; c < channels; c += 1) {
      const from = normalize.order === 'bgr' ? channels - 1 - c : c;
      const [scale, offset] = [normalize.scale, normalize.offset].map((list) => list[c] ?? list[0]!);
      values[pixel * channels + c] = data[pixel * 4 + from]! * scale! + offset!;
    }
  }
  return tensor4d(values, [1, height, width, channels]);
};

const answer = async (): Promise<object> => {
  const model = await loadLayersModel('model.json');
  const metadata = (model.getUserDefinedMetadata() as { readonly tlp: Metadata }).tlp;
  const images = (await (await browser.fetch('images.json')).json()) as readonly string[];
  const found: Record<string, Record<string, number>> = {};
  for (const name of images) {
    const values = (model.predict(await prepare(name, metadata)) as Tensor).dataSync();
    found[name] = Object.fromEntries(metadata.classes.map((label, i) => [label, values[i]!]));
  }
  return found;
};

answer()
  .catch((error: unknown) => ({ error: String(error) }))
  .then((found) => browser.fetch('answer', { method: 'POST', body: JSON.stringify(found) }));
