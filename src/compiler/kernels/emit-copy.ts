// Verb: the loops of programs that move no pixel, or only flip: no interpolation.
import { type Expression, times } from './expression.ts';
import { type Emitted, indent, perChannel, type Sampler, store } from './sampler.ts';

export const emitCopy = (sampler: Sampler): Emitted => {
  const { pixels, height, width } = sampler;
  const { channels } = sampler.program.source;
  return {
    once: [],
    each: [
      `for (let p = 0; p < ${height * width * channels}; p += ${channels}) {`,
      ...indent([...perChannel(sampler, (o) => [`const v# = ${pixels}[p${o}];`]), ...store(sampler)], '  '),
      '}',
    ],
  };
};

export const emitFlip = (sampler: Sampler): Emitted => {
  const { pixels, height, width, composition } = sampler;
  const { channels } = sampler.program.source;
  const [sx, sy] = [composition.geometry[0]![0]!, composition.geometry[1]![1]!];
  const start = (sign: Expression, last: number): Expression =>
    typeof sign === 'number' ? (sign < 0 ? last : 0) : `(${sign} < 0 ? ${last} : 0)`;
  return {
    once: [],
    each: [
      `const step = ${times(sx, channels)};`,
      `const firstX = ${start(sx, (width - 1) * channels)};`,
      `const firstY = ${start(sy, height - 1)};`,
      `for (let y = 0; y < ${height}; y++) {`,
      `  let p = (firstY + ${times(sy, 'y')}) * ${width * channels} + firstX;`,
      `  for (let x = 0; x < ${width}; x++, p += step) {`,
      ...indent([...perChannel(sampler, (o) => [`const v# = ${pixels}[p${o}];`]), ...store(sampler)], '    '),
      '  }',
      '}',
    ],
  };
};
