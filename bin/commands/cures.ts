// Verb: findings to the line that says which of them tlp can cure.
import type { Diagnostic } from '../../src/parser/diagnostic.ts';

/** `applied`: how many were cured already. Empty where there is nothing to say. */
export const cures = (diagnostics: readonly Diagnostic[], applied: number, unsafe: boolean): string => {
  const fixes = diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  const safe = fixes.filter((fix) => fix.safe).length;
  const others = unsafe ? 0 : fixes.length - safe;
  const parts = [
    ...(applied > 0 ? [`${applied} cured`] : []),
    ...(safe > 0 ? [`\`--fix\` cures ${safe}`] : []),
    ...(others > 0 ? [`\`--unsafe-fixes\` ${safe > 0 ? `${others} more` : `cures ${others}`}`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join('; ')}\n`;
};
