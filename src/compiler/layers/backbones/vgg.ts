// VGG16 and VGG19 without top: docs/facts/keras-applications.md.
import { conv, maxPool } from '../operations.ts';
import type { Backbone } from './backbone.ts';

const convolutions = { vgg16: [2, 2, 3, 3, 3], vgg19: [2, 2, 4, 4, 4] } as const;
const filters = [64, 128, 256, 512, 512] as const;

export function vgg(name: keyof typeof convolutions): Backbone {
  return {
    name,
    build: (add, input) => {
      let x = input;
      for (const [index, count] of convolutions[name].entries()) {
        const block = `block${index + 1}`;
        for (let i = 1; i <= count; i += 1) {
          const operation = conv(filters[index] ?? 0, 3, { padding: 'same', activation: 'relu' });
          x = add(operation, [x], { name: `${block}_conv${i}` });
        }
        x = add(maxPool(2), [x], { name: `${block}_pool` });
      }
      return x;
    },
  };
}
