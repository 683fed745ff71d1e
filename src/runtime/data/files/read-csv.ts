// Verb: a table with one image file and one label a row to labelled files. Comma-separated as in RFC 4180, first line: names.
import { dirname, resolve } from 'node:path';
import { notAFile, readRegular } from '../../read-regular.ts';
import { DataError } from '../source.ts';
import { type LabelledFiles, MOST_CLASSES } from './list-folder.ts';

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

/** A million rows take less. */
const MOST_BYTES = 256 * 2 ** 20;

/** What is wrong with the text of a table, in half a sentence. */
class TableError extends Error {}

/** In another encoding, names that differ would become the same. */
const textOf = (bytes: Uint8Array): string => {
  if (bytes.length > MOST_BYTES) throw new TableError('is longer than 256 MB: is it a table?');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const line = lineOfBadByte(bytes);
    throw new TableError(
      `is not UTF-8: line ${line} holds other bytes. Save it as UTF-8 (from Latin-1: iconv -f latin1 -t utf-8).`,
    );
  }
};

/** From 1: the first line that is no UTF-8. */
const lineOfBadByte = (bytes: Uint8Array): number => {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to));
    } catch {
      break;
    }
    from = to + 1;
  }
  return line;
};

/** Image files are relative to the folder of the table. Classes: the distinct labels. Throws DataError. */
export const readCsv = (plan: CsvPlan): LabelledFiles => {
  const wrong = (what: string): DataError => new DataError(`the table ${plan.path} ${what}`);
  let rows: readonly Row[];
  try {
    rows = parseCsv(textOf(readRegular(plan.path, MOST_BYTES + 1)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TableError) throw wrong(error.message);
    throw wrong(
      `cannot be read: ${reasons[code ?? ''] ?? notAFile(error)?.replace(/^is/, 'it is') ?? code ?? message}.`,
    );
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
    return { path: resolve(folder, file), name: name.normalize('NFC') };
  });
  const classes = classesOf(read.map(({ name }) => name));
  if (classes.length > MOST_CLASSES)
    throw wrong(`has ${classes.length} labels, and a network of tlp at most ${MOST_CLASSES} classes.`);
  if (classes.length === 1) throw wrong(`has a single label, ${classes[0]}: there is nothing to tell apart.`);
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, files: read.map(({ path, name }) => ({ path, label: index.get(name)! })) };
};
