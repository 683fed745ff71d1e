// Verb: a value to a short text, as it is written.
import type { Value } from '../../parser/ast.ts';

export const showValue = (value: Value): string => {
  switch (value.kind) {
    case 'number':
      return `${value.value}${value.unit}`;
    case 'dims':
      return value.sizes.join('x');
    case 'text':
    case 'word':
    case 'pattern':
      return value.text;
    case 'call':
      return value.word.text;
    case 'range':
      return `${showValue(value.low)}..${showValue(value.high)}`;
    default:
      return '…';
  }
};
