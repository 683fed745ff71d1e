// Verb: plain values to the same with sizes that were written with spaces, `224 x 224`, in one piece; each is reported.
import type { Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { joinSpans, type Span } from '../../parser/source.ts';
import { replacement } from '../findings/correction.ts';
import { wrongType } from '../findings/words.ts';
import { report, type Scope } from './scope.ts';

type Dims = Extract<Value, { kind: 'dims' }>;

/** `spaced`: there was one. */
export const joinSizes = (
  scope: Scope,
  values: readonly Value[],
): { readonly values: readonly Value[]; readonly spaced: boolean } => {
  const out: Value[] = [];
  let spaced = false;
  for (let at = 0; at < values.length; ) {
    const size = sizeAt(values, at);
    if (size === null) {
      out.push(values[at]!);
      at++;
      continue;
    }
    const text = size.value.sizes.join('x');
    spaced = true;
    report(
      scope,
      finding(wrongType, size.value.span, 'A size is written without spaces.', {
        help: `Write \`${text}\`.`,
        ...replacement(size.value.span, text, true),
      }),
    );
    out.push(size.value);
    at += size.pieces;
  }
  return { values: out, spaced };
};

/** `224 x 224`, `224x 224` or `224 x224` from this value on. */
const sizeAt = (values: readonly Value[], at: number): { readonly value: Dims; readonly pieces: number } | null => {
  const [first, second, third] = values.slice(at, at + 3);
  if (first?.kind !== 'number' || second === undefined) return null;
  const size = (width: number, end: Span, pieces: number) => {
    if (![first.value, width].every((side) => Number.isInteger(side) && side >= 0)) return null;
    return { value: { kind: 'dims', sizes: [first.value, width], span: joinSpans(first.span, end) } as const, pieces };
  };
  if (first.unit === 'x' && second.kind === 'number' && second.unit === '') return size(second.value, second.span, 2);
  if (first.unit !== '' || second.kind !== 'word') return null;
  const glued = /^x(\d+)$/.exec(second.text);
  if (glued !== null) return size(Number(glued[1]), second.span, 2);
  return second.text === 'x' && third?.kind === 'number' && third.unit === '' ? size(third.value, third.span, 3) : null;
};
