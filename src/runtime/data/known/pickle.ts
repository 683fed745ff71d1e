// Verb: a Python pickle of plain data and NumPy arrays (the CIFAR batches) to values. Runs nothing: of Python's
// globals only those that rebuild arrays and byte strings are known, as in Keras' own restricted reader.

/** What a pickle may hold here. Byte strings are text in Latin-1. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledArray
  | Global;

/** A NumPy array under construction or done; `state` is (version, shape, dtype, fortran, data). */
export interface PickledArray {
  readonly kind: 'array';
  state: Pickled[] | null;
}

interface Global {
  readonly kind: 'global';
  readonly name: string;
}

const GLOBALS = new Set([
  ...['numpy.core.multiarray _reconstruct', 'numpy._core.multiarray _reconstruct'],
  ...['numpy ndarray', 'numpy dtype', '_codecs encode'],
]);

const isGlobal = (value: Pickled | undefined): value is Global =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'global';

export const isArray = (value: Pickled | undefined): value is PickledArray =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'array';

/** Calls what the pickle may call. */
const reduce = (callee: Pickled | undefined, args: Pickled): Pickled => {
  if (!isGlobal(callee) || !Array.isArray(args)) throw new Error('the pickle calls something that is no function');
  if (callee.name.endsWith('_reconstruct')) return { kind: 'array', state: null };
  if (callee.name === 'numpy dtype') return args[0] ?? null;
  if (callee.name === '_codecs encode') return args[0] ?? null;
  throw new Error(`the pickle calls ${callee.name}`);
};

/** Reads protocols 0x80 (2 to 5). Throws Error on anything else. */
export const parsePickle = (bytes: Uint8Array): Pickled => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Pickled[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Pickled>();
  let at = 0;
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > bytes.length) throw new Error('the pickle is cut short');
    return from;
  };
  const u8 = () => bytes[take(1)]!;
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  const text = (length: number, encoding: 'latin1' | 'utf8') => {
    const from = take(length);
    return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString(encoding);
  };
  const raw = (length: number) => {
    const from = take(length);
    return bytes.subarray(from, from + length);
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new Error('the pickle is cut short');
    const value = text(end - at, 'utf8');
    at = end + 1;
    return value;
  };
  const pop = (): Pickled => {
    if (stack.length === 0) throw new Error('the pickle takes more than it gave');
    return stack.pop()!;
  };
  const sinceMark = (): Pickled[] => stack.splice(marks.pop() ?? 0);
  const known = (name: string): Global => {
    if (!GLOBALS.has(name)) throw new Error(`the pickle asks for ${name}`);
    return { kind: 'global', name };
  };
  const top = (): Pickled => stack.at(-1) ?? null;
  const setItems = (pairs: Pickled[]) => {
    const target = top();
    if (!(target instanceof Map)) throw new Error('the pickle fills something that is no dict');
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i]!, pairs[i + 1]!);
  };
  const append = (items: Pickled[]) => {
    const target = top();
    if (!Array.isArray(target)) throw new Error('the pickle fills something that is no list');
    for (const item of items) target.push(item);
  };
  const recall = (key: number) => {
    if (!memo.has(key)) throw new Error('the pickle recalls what it never stored');
    stack.push(memo.get(key)!);
  };

  /** By opcode, as in Python's pickletools. */
  const operations: Readonly<Record<number, () => void>> = {
    128: () => void take(1), // PROTO
    149: () => void take(8), // FRAME
    125: () => void stack.push(new Map()), // EMPTY_DICT
    93: () => void stack.push([]), // EMPTY_LIST
    41: () => void stack.push([]), // EMPTY_TUPLE
    40: () => void marks.push(stack.length), // MARK
    78: () => void stack.push(null), // NONE
    136: () => void stack.push(true), // NEWTRUE
    137: () => void stack.push(false), // NEWFALSE
    75: () => void stack.push(u8()), // BININT1
    77: () => void stack.push(view.getUint16(take(2), true)), // BININT2
    74: () => void stack.push(view.getInt32(take(4), true)), // BININT
    85: () => void stack.push(text(u8(), 'latin1')), // SHORT_BINSTRING
    84: () => void stack.push(raw(u32())), // BINSTRING
    67: () => void stack.push(text(u8(), 'latin1')), // SHORT_BINBYTES
    66: () => void stack.push(raw(u32())), // BINBYTES
    142: () => void stack.push(raw(u64())), // BINBYTES8
    88: () => void stack.push(text(u32(), 'utf8')), // BINUNICODE
    140: () => void stack.push(text(u8(), 'utf8')), // SHORT_BINUNICODE
    113: () => void memo.set(u8(), top()), // BINPUT
    114: () => void memo.set(u32(), top()), // LONG_BINPUT
    148: () => void memo.set(memo.size, top()), // MEMOIZE
    104: () => recall(u8()), // BINGET
    106: () => recall(u32()), // LONG_BINGET
    99: () => void stack.push(known(`${line()} ${line()}`)), // GLOBAL
    147: () => {
      const name = pop();
      stack.push(known(`${String(pop())} ${String(name)}`)); // STACK_GLOBAL
    },
    133: () => void stack.push([pop()]), // TUPLE1
    134: () => void stack.push(stack.splice(-2)), // TUPLE2
    135: () => void stack.push(stack.splice(-3)), // TUPLE3
    116: () => void stack.push(sinceMark()), // TUPLE
    101: () => append(sinceMark()), // APPENDS
    97: () => append([pop()]), // APPEND
    117: () => setItems(sinceMark()), // SETITEMS
    115: () => {
      const value = pop();
      setItems([pop(), value]); // SETITEM
    },
    82: () => {
      const args = pop();
      stack.push(reduce(pop(), args)); // REDUCE
    },
    98: () => {
      const state = pop();
      const target = top();
      if (isArray(target) && Array.isArray(state)) target.state = state; // BUILD; the state of a dtype says only its byte order
    },
  };
  while (true) {
    const code = u8();
    if (code === 46) return pop(); // STOP
    const operation = operations[code];
    if (!operation) throw new Error(`the pickle has the unknown code ${code} at byte ${at - 1}`);
    operation();
  }
};
