// A process of its own that fills a cache with 1,000 images from a number on. Arguments: folder, first image.
import { fill, request } from './support.ts';

const [root, first] = process.argv.slice(2);
await fill(
  request(root!),
  Array.from({ length: 1000 }, (_, i) => Number(first) + i),
);
