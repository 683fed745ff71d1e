// Verb: values → a line of a CSV file (RFC 4180), which no table program takes for a formula.

/** What a table program computes instead of showing it; a number is none. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text));

/** A formula gets an apostrophe in front, by which table programs know a text. */
export const csvField = (value: string | number): string => {
  const text = typeof value === 'string' && isFormula(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvLine = (values: readonly (string | number)[]): string => `${values.map(csvField).join(',')}\n`;
