// Verb: numbers of findings to the line that says which of them tlp can cure.

/** `applied`: how many were cured already; `safe` and `all`: how many more could be. Empty where there is nothing to say. */
export const cures = ({ applied, safe, all }: Readonly<Record<'applied' | 'safe' | 'all', number>>): string => {
  const others = all - safe;
  const parts = [
    ...(applied > 0 ? [`${applied} cured`] : []),
    ...(safe > 0 ? [`\`--fix\` cures ${safe}`] : []),
    ...(others > 0 ? [`\`--unsafe-fixes\` ${safe > 0 ? `${others} more` : `cures ${others}`}`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join('; ')}\n`;
};
