// Verb: text of others → one line that a terminal shows as it is.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /\x1b\[[0-9;]*m|[\x00-\x1f\x7f-\x9f]+/g;

/** Colours are taken out; other control characters and line breaks become a space. */
export const plain = (text: string): string =>
  text.replace(CONTROL, (found) => (found.length > 1 && found.startsWith('\x1b[') ? '' : ' '));

/** A field of a CSV line (RFC 4180). */
export const csvField = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A line of a CSV file. */
export const csvLine = (values: readonly (string | number)[]): string => `${values.map(csvField).join(',')}\n`;
