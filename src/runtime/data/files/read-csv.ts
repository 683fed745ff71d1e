// Verb: a table with one image file and one label a row to labelled files. Comma-separated as in RFC 4180, first line: names.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataError } from '../source.ts';
import type { LabelledFiles } from './list-folder.ts';

interface Row {
  /** Of the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Quotes may hold commas, line ends and doubled quotes; empty lines are left out. Throws Error where a quote stays open. */
export const parseCsv = (text: string): readonly Row[] => {
  const rows: Row[] = [];
  let [fields, field, line, begun]: [string[], string, number, number] = [[], '', 1, 1];
  let quoted = false;
  const endRow = (): void => {
    fields.push(field);
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: begun, fields });
    fields = [];
    field = '';
    begun = line + 1;
  };
  const body = text.replace(/^\ufeff/, '');
  for (let i = 0; i < body.length; i++) {
    const c = body[i]!;
    if (quoted) {
      if (c === '"' && body[i + 1] === '"') field += body[i++];
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === ',') {
      fields.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && body[i + 1] === '\n') i++;
      endRow();
    } else field += c;
    if (body[i] === '\n' || (c === '\r' && !quoted)) line++;
  }
  if (quoted) throw new Error(`the quote of line ${begun} is never closed`);
  endRow();
  return rows;
};

/** Whole numbers by their value, everything else by its characters. */
const classesOf = (labels: readonly string[]): readonly string[] => {
  const distinct = [...new Set(labels)];
  const numbers = distinct.every((label) => /^-?\d{1,15}$/.test(label));
  return distinct.sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1));
};

export interface CsvPlan {
  readonly path: string;
  readonly image: string;
  readonly label: string;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'there is no permission',
};

/** Image files are relative to the folder of the table. Classes: the distinct labels. Throws DataError. */
export const readCsv = (plan: CsvPlan): LabelledFiles => {
  const wrong = (what: string): DataError => new DataError(`the table ${plan.path} ${what}`);
  let rows: readonly Row[];
  try {
    rows = parseCsv(readFileSync(plan.path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(`cannot be read: ${reasons[code ?? ''] ?? code ?? message}.`);
  }
  const [header, ...body] = rows;
  if (header === undefined) throw wrong('is empty: its first line must name its columns.');
  const columnOf = (name: string): number => {
    const at = header.fields.findIndex((field) => field.trim() === name);
    if (at < 0) throw wrong(`has no column ${name}: it has ${header.fields.map((field) => field.trim()).join(', ')}.`);
    return at;
  };
  const [image, label] = [columnOf(plan.image), columnOf(plan.label)];
  if (body.length === 0) throw wrong('has no rows below its names.');
  const folder = dirname(plan.path);
  const read = body.map(({ line, fields }) => {
    if (fields.length !== header.fields.length)
      throw wrong(`has ${fields.length} fields in line ${line}, but ${header.fields.length} columns.`);
    const [file, name] = [fields[image]!.trim(), fields[label]!.trim()];
    if (file === '') throw wrong(`names no image in line ${line}.`);
    if (name === '') throw wrong(`has no label in line ${line}.`);
    return { path: resolve(folder, file), name };
  });
  const classes = classesOf(read.map(({ name }) => name));
  if (classes.length === 1) throw wrong(`has a single label, ${classes[0]}: there is nothing to tell apart.`);
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, files: read.map(({ path, name }) => ({ path, label: index.get(name)! })) };
};
