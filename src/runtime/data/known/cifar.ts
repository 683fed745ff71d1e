// The known sources cifar10 and cifar100, 32x32 RGB, from Keras' cache: Python's or the binary form of the files.
import { memorySource } from '../memory-source.ts';
import type { Source } from '../source.ts';
import { findDataset, lookForDataset, readDataset } from './cache-folder.ts';
import { isArray, type Pickled, parsePickle } from './pickle.ts';

const IMAGE = { height: 32, width: 32, channels: 3 };
const PLANE = 32 * 32;
const PIXELS = 3 * PLANE;

/** Planes of red, green and blue to channels last; writes image `index` of `into`. */
const interleave = (planes: Uint8Array, from: number, into: Uint8Array, index: number): void => {
  for (let i = 0, at = index * PIXELS; i < PLANE; i++) {
    into[at++] = planes[from + i]!;
    into[at++] = planes[from + PLANE + i]!;
    into[at++] = planes[from + 2 * PLANE + i]!;
  }
};

interface CifarImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint16Array;
}

const join = (parts: readonly CifarImages[]): CifarImages => ({
  pixels: Buffer.concat(parts.map(({ pixels }) => pixels)),
  labels: Uint16Array.from(parts.flatMap(({ labels }) => [...labels])),
});

const dict = (value: Pickled): Map<Pickled, Pickled> => {
  if (!(value instanceof Map)) throw new Error('it is not a dict');
  return value;
};

const strings = (value: Pickled | undefined): string[] => {
  const isText = (each: Pickled): each is string => typeof each === 'string';
  if (!Array.isArray(value) || !value.every(isText)) throw new Error('it has no list of names');
  return value;
};

/** One pickled batch: `data` (count x 3072 bytes, channels first) and a list of labels under `key`. */
const pickled =
  (key: string) =>
  (bytes: Uint8Array): CifarImages => {
    const batch = dict(parsePickle(bytes));
    const [data, list] = [batch.get('data'), batch.get(key)];
    const planes = isArray(data) ? data.state?.[4] : undefined;
    const values = typeof planes === 'string' ? Buffer.from(planes, 'latin1') : planes;
    const isLabel = (each: Pickled): each is number => typeof each === 'number';
    if (
      !(values instanceof Uint8Array) ||
      !Array.isArray(list) ||
      values.length !== list.length * PIXELS ||
      !list.every(isLabel)
    )
      throw new Error(`it has no array of images with ${key}`);
    const pixels = new Uint8Array(values.length);
    list.forEach((_, i) => {
      interleave(values, i * PIXELS, pixels, i);
    });
    return { pixels, labels: Uint16Array.from(list) };
  };

/** Records of `head` label bytes (the last one counts) and 3072 pixels. */
const binary =
  (head: number) =>
  (bytes: Uint8Array): CifarImages => {
    const count = bytes.length / (head + PIXELS);
    if (!Number.isInteger(count)) throw new Error(`its size is no multiple of ${head + PIXELS} bytes`);
    const pixels = new Uint8Array(count * PIXELS);
    const labels = new Uint16Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = bytes[i * (head + PIXELS) + head - 1]!;
      interleave(bytes, i * (head + PIXELS) + head, pixels, i);
    }
    return { pixels, labels };
  };

const lines = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes)
    .toString('latin1')
    .trim()
    .split(/\s*\n\s*/);

/** One form in which the files of a data set come. */
interface Form {
  readonly places: readonly string[];
  readonly train: readonly string[];
  readonly test: string;
  readonly names: string;
  readonly read: (bytes: Uint8Array) => CifarImages;
  readonly readNames: (bytes: Uint8Array) => string[];
}

/** Newer Keras extracts into `<name>-target/`, or `<name>_extracted/`; older straight into the folder. */
const placesOf = (archive: string, folder: string): readonly string[] => [
  ...[folder, `${archive}-target/${folder}`, `${archive}/${folder}`, `${archive}_extracted/${folder}`],
];

const five = (name: (i: number) => string): readonly string[] => [1, 2, 3, 4, 5].map(name);

const FORMS: Readonly<Record<'cifar10' | 'cifar100', readonly [Form, ...Form[]]>> = {
  cifar10: [
    {
      places: placesOf('cifar-10-batches-py', 'cifar-10-batches-py'),
      train: five((i) => `data_batch_${i}`),
      test: 'test_batch',
      names: 'batches.meta',
      read: pickled('labels'),
      readNames: (bytes) => strings(dict(parsePickle(bytes)).get('label_names')),
    },
    {
      places: placesOf('cifar-10-binary', 'cifar-10-batches-bin'),
      train: five((i) => `data_batch_${i}.bin`),
      test: 'test_batch.bin',
      names: 'batches.meta.txt',
      read: binary(1),
      readNames: lines,
    },
  ],
  cifar100: [
    {
      places: placesOf('cifar-100-python', 'cifar-100-python'),
      train: ['train'],
      test: 'test',
      names: 'meta',
      read: pickled('fine_labels'),
      readNames: (bytes) => strings(dict(parsePickle(bytes)).get('fine_label_names')),
    },
    {
      places: placesOf('cifar-100-binary', 'cifar-100-binary'),
      train: ['train.bin'],
      test: 'test.bin',
      names: 'fine_label_names.txt',
      read: binary(2),
      readNames: lines,
    },
  ],
};

const filesOf = ({ train, test, names }: Form): readonly string[] => [...train, test, names];

/** 50,000 train and 10,000 test images; cifar100 with its fine labels. Throws DataError. */
export const openCifar = ({ kind }: { readonly kind: 'cifar10' | 'cifar100' }): Source => {
  const forms = FORMS[kind];
  const form = forms.find((candidate) => lookForDataset(candidate.places, filesOf(candidate)) !== null) ?? forms[0];
  const folder = findDataset(kind, form.places, filesOf(form));
  const read = (file: string) => readDataset(folder, file, form.read);
  const classes = readDataset(folder, form.names, form.readNames);
  return memorySource({ classes, image: IMAGE, train: join(form.train.map(read)), test: read(form.test) });
};
