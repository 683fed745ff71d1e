// Verb: a .keras file (a zip whose members are stored) → the weights inside it, in the order of its config.json.
import { type DiskFile, openDiskFile } from './disk-file.ts';
import { openH5 } from './h5/open-h5.ts';
import { type ConfigLayer, layersOfConfig } from './keras-config.ts';
import { type LayerGroup, type OpenedFile, WeightFileError } from './weight-file.ts';

/** A member of the archive, not compressed: its bytes lie in the file as they are. */
interface Member {
  readonly name: string;
  readonly from: number;
  readonly size: number;
  readonly crc: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record has 22 bytes and a comment of at most 65,535. */
const tail = 22 + 65_535;
/** More members than any .keras file has. */
const mostMembers = 10_000;
const largestConfig = 2 ** 26;

const damaged = (what: string): WeightFileError => new WeightFileError(`is damaged: ${what}`);

/** The central directory: its bytes, and how many members it lists. */
const directoryOf = async (file: DiskFile): Promise<{ readonly view: DataView; readonly count: number }> => {
  const length = Math.min(tail, file.size);
  const bytes = await file.read(file.size - length, length);
  const end = new DataView(bytes.buffer);
  let at = length - 22;
  while (at >= 0 && end.getUint32(at, true) !== END) at -= 1;
  if (at < 0) throw new WeightFileError('is cut short: the list of its members is missing');
  const count = end.getUint16(at + 10, true);
  const size = end.getUint32(at + 12, true);
  const from = end.getUint32(at + 16, true);
  if (from === 0xffffffff || count > mostMembers) throw new WeightFileError('is a larger archive than tlp reads');
  if (from + size > file.size) throw damaged('the list of its members lies outside of it');
  return { view: new DataView((await file.read(from, size)).buffer), count };
};

/** Where a member's bytes begin is said in its own header only. */
const memberAt = async (file: DiskFile, view: DataView, at: number): Promise<Member> => {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, view.getUint16(at + 28, true)));
  if (view.getUint16(at + 8, true) & 1) throw new WeightFileError('is encrypted');
  if (view.getUint16(at + 10, true) !== 0) {
    throw new WeightFileError(
      `has ${name} compressed, as Keras does not write it: unpack it and name its model.weights.h5`,
    );
  }
  const size = view.getUint32(at + 24, true);
  const header = view.getUint32(at + 42, true);
  const local = new DataView((await file.read(header, 30)).buffer);
  if (local.getUint32(0, true) !== LOCAL) throw damaged(`${name} is not where its list says`);
  const from = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (size !== view.getUint32(at + 20, true) || from + size > file.size) throw damaged(`${name} has a wrong size`);
  return { name, from, size, crc: view.getUint32(at + 16, true) };
};

const membersOf = async (file: DiskFile): Promise<ReadonlyMap<string, Member>> => {
  const { view, count } = await directoryOf(file);
  const members = new Map<string, Member>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) throw damaged('the list of its members');
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + lengths.reduce((a, b) => a + b, 0);
    if (next > view.byteLength) throw damaged('the list of its members');
    const wanted = ['config.json', 'model.weights.h5'];
    const member = wanted.some((name) => name.length === lengths[0]) ? await memberAt(file, view, at) : null;
    if (member && wanted.includes(member.name)) members.set(member.name, member);
    at = next;
  }
  return members;
};

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 of the member as zip has it, a piece at a time. */
const checkMember = async (file: DiskFile, { name, from, size, crc }: Member, signal?: AbortSignal): Promise<void> => {
  const piece = 2 ** 22;
  let rest = 0xffffffff;
  for (let at = 0; at < size; at += piece) {
    signal?.throwIfAborted();
    const bytes = await file.read(from + at, Math.min(piece, size - at));
    // counted, since iterating over bytes takes eight times as long
    for (let i = 0; i < bytes.length; i += 1) rest = (rest >>> 8) ^ crcTable[(rest ^ bytes[i]!) & 255]!;
  }
  if ((rest ^ 0xffffffff) >>> 0 !== crc) throw damaged(`${name} does not have its checksum`);
};

const readConfig = async (file: DiskFile, member: Member): Promise<readonly ConfigLayer[]> => {
  if (member.size > largestConfig) throw damaged('its config.json is too large');
  await checkMember(file, member);
  try {
    return layersOfConfig(JSON.parse(new TextDecoder().decode(await file.read(member.from, member.size))));
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    throw damaged('its config.json is not JSON');
  }
};

/** Groups get the names, scopes and order of the configuration; null where it does not tell of each of them. */
const named = (groups: readonly LayerGroup[], layers: readonly ConfigLayer[]): readonly LayerGroup[] | null => {
  const places = new Map(groups.map((group) => [group.path, group]));
  const found = layers.flatMap(({ name, scope, place }) => {
    const group = places.get(place);
    return group ? [{ ...group, name, scope }] : [];
  });
  return found.length === groups.length ? found : null;
};

/** Takes over `file`, which is at `path`. Throws WeightFileError. */
export const openKerasArchive = async (path: string, file: DiskFile, signal?: AbortSignal): Promise<OpenedFile> => {
  try {
    const members = await membersOf(file);
    const weights = members.get('model.weights.h5');
    if (!weights) throw new WeightFileError('is a zip archive, but not a .keras file: it has no model.weights.h5');
    const config = members.get('config.json');
    const layers = config ? await readConfig(file, config) : [];
    await checkMember(file, weights, signal);
    const inside = await openH5(await openDiskFile(path), { from: weights.from, size: weights.size }, signal);
    const groups = named(inside.groups, layers);
    return { ...inside, kind: 'keras', order: groups ? 'layers' : inside.order, groups: groups ?? inside.groups };
  } finally {
    await file.close();
  }
};
