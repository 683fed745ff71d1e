// Verb: plain data to a property list in XML, as TextMate and Sublime Text read it.

export type Plist = string | number | readonly Plist[] | { readonly [key: string]: Plist | undefined };

const text = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const element = (value: Plist, indent: string): string => {
  const inner = `${indent}  `;
  if (typeof value === 'string') return `${indent}<string>${text(value)}</string>\n`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>\n`;
  if (isList(value))
    return `${indent}<array>\n${value.map((item) => element(item, inner)).join('')}${indent}</array>\n`;
  const pairs = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${inner}<key>${text(key)}</key>\n${element(item, inner)}`],
  );
  return `${indent}<dict>\n${pairs.join('')}${indent}</dict>\n`;
};

const isList = (value: Plist): value is readonly Plist[] => Array.isArray(value);

export const plistText = (value: Plist): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${element(value, '')}</plist>
`;
