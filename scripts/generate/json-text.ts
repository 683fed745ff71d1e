// Verb: JSON to text, each part on one line where it fits.
const WIDTH = 120;

/** `column` is where the value begins, `indent` how far its line is indented. */
const lines = (value: unknown, indent: string, column: number): string => {
  const flat = oneLine(value);
  if (typeof value !== 'object' || value === null || column + flat.length < WIDTH) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${lines(item, inner, inner.length)}`).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const head = `${inner}${JSON.stringify(key)}: `;
    return `${head}${lines(item, inner, head.length)}`;
  });
  return `{\n${entries.join(',\n')}\n${indent}}`;
};

const oneLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

export const jsonText = (value: unknown): string => `${lines(value, '', 0)}\n`;
