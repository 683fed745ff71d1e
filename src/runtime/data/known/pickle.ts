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

/** Reads a pickle's bytes from front to back. Throws Error where they end too early. */
const readerOf = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > bytes.length) throw new Error('the pickle is cut short');
    return from;
  };
  const text = (length: number, encoding: 'latin1' | 'utf8'): string => {
    const from = take(length);
    return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString(encoding);
  };
  return {
    skip: (length: number): void => void take(length),
    u8: (): number => bytes[take(1)]!,
    u16: (): number => view.getUint16(take(2), true),
    i32: (): number => view.getInt32(take(4), true),
    u32: (): number => view.getUint32(take(4), true),
    u64: (): number => Number(view.getBigUint64(take(8), true)),
    text,
    raw: (length: number): Uint8Array => {
      const from = take(length);
      return bytes.subarray(from, from + length);
    },
    line: (): string => {
      const end = bytes.indexOf(10, at);
      if (end < 0) throw new Error('the pickle is cut short');
      const value = text(end - at, 'utf8');
      at = end + 1;
      return value;
    },
    /** Bytes read so far. */
    position: (): number => at,
  };
};

/** The stack on which a pickle builds its value, with its marks and what it stored under a number. */
const createStack = () => {
  const stack: Pickled[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Pickled>();
  const top = (): Pickled => stack.at(-1) ?? null;
  return {
    push: (value: Pickled): void => void stack.push(value),
    pop: (): Pickled => {
      if (stack.length === 0) throw new Error('the pickle takes more than it gave');
      return stack.pop()!;
    },
    top,
    last: (count: number): Pickled[] => stack.splice(-count),
    mark: (): void => void marks.push(stack.length),
    sinceMark: (): Pickled[] => stack.splice(marks.pop() ?? 0),
    setItems: (pairs: Pickled[]): void => {
      const target = top();
      if (!(target instanceof Map)) throw new Error('the pickle fills something that is no dict');
      for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i]!, pairs[i + 1]!);
    },
    append: (items: Pickled[]): void => {
      const target = top();
      if (!Array.isArray(target)) throw new Error('the pickle fills something that is no list');
      for (const item of items) target.push(item);
    },
    store: (key?: number): void => void memo.set(key ?? memo.size, top()),
    recall: (key: number): void => {
      if (!memo.has(key)) throw new Error('the pickle recalls what it never stored');
      stack.push(memo.get(key)!);
    },
  };
};

const known = (name: string): Global => {
  if (!GLOBALS.has(name)) throw new Error(`the pickle asks for ${name}`);
  return { kind: 'global', name };
};

type Operation = (stack: ReturnType<typeof createStack>, reader: ReturnType<typeof readerOf>) => void;

/** By opcode, as in Python's pickletools. */
const operations: Readonly<Record<number, Operation>> = {
  128: (_, from) => from.skip(1), // PROTO
  149: (_, from) => from.skip(8), // FRAME
  125: (stack) => stack.push(new Map()), // EMPTY_DICT
  93: (stack) => stack.push([]), // EMPTY_LIST
  41: (stack) => stack.push([]), // EMPTY_TUPLE
  40: (stack) => stack.mark(), // MARK
  78: (stack) => stack.push(null), // NONE
  136: (stack) => stack.push(true), // NEWTRUE
  137: (stack) => stack.push(false), // NEWFALSE
  75: (stack, from) => stack.push(from.u8()), // BININT1
  77: (stack, from) => stack.push(from.u16()), // BININT2
  74: (stack, from) => stack.push(from.i32()), // BININT
  85: (stack, from) => stack.push(from.text(from.u8(), 'latin1')), // SHORT_BINSTRING
  84: (stack, from) => stack.push(from.raw(from.u32())), // BINSTRING
  67: (stack, from) => stack.push(from.text(from.u8(), 'latin1')), // SHORT_BINBYTES
  66: (stack, from) => stack.push(from.raw(from.u32())), // BINBYTES
  142: (stack, from) => stack.push(from.raw(from.u64())), // BINBYTES8
  88: (stack, from) => stack.push(from.text(from.u32(), 'utf8')), // BINUNICODE
  140: (stack, from) => stack.push(from.text(from.u8(), 'utf8')), // SHORT_BINUNICODE
  113: (stack, from) => stack.store(from.u8()), // BINPUT
  114: (stack, from) => stack.store(from.u32()), // LONG_BINPUT
  148: (stack) => stack.store(), // MEMOIZE
  104: (stack, from) => stack.recall(from.u8()), // BINGET
  106: (stack, from) => stack.recall(from.u32()), // LONG_BINGET
  99: (stack, from) => stack.push(known(`${from.line()} ${from.line()}`)), // GLOBAL
  147: (stack) => {
    const [name, module] = [stack.pop(), stack.pop()];
    // a list that holds itself twice, and so on, has a text without end
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new Error('the pickle asks for a name that is no text');
    stack.push(known(`${module} ${name}`)); // STACK_GLOBAL
  },
  133: (stack) => stack.push([stack.pop()]), // TUPLE1
  134: (stack) => stack.push(stack.last(2)), // TUPLE2
  135: (stack) => stack.push(stack.last(3)), // TUPLE3
  116: (stack) => stack.push(stack.sinceMark()), // TUPLE
  101: (stack) => stack.append(stack.sinceMark()), // APPENDS
  97: (stack) => stack.append([stack.pop()]), // APPEND
  117: (stack) => stack.setItems(stack.sinceMark()), // SETITEMS
  115: (stack) => {
    const value = stack.pop();
    stack.setItems([stack.pop(), value]); // SETITEM
  },
  82: (stack) => {
    const args = stack.pop();
    stack.push(reduce(stack.pop(), args)); // REDUCE
  },
  98: (stack) => {
    const state = stack.pop();
    const target = stack.top();
    if (isArray(target) && Array.isArray(state)) target.state = state; // BUILD; the state of a dtype says only its byte order
  },
};

/** STOP: the value on top is the pickle's. */
const STOP = 46;

/** Reads protocols 0x80 (2 to 5). Throws Error on anything else. */
export const parsePickle = (bytes: Uint8Array): Pickled => {
  const reader = readerOf(bytes);
  const stack = createStack();
  for (let code = reader.u8(); code !== STOP; code = reader.u8()) {
    const operation = operations[code];
    if (!operation) throw new Error(`the pickle has the unknown code ${code} at byte ${reader.position() - 1}`);
    operation(stack, reader);
  }
  return stack.pop();
};
