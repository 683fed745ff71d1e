// Verb: values → Python literals, and names → Python identifiers.

/** What a literal is made of: numbers, texts, truth values, None, tuples and lists of them. */
export type PythonValue = number | string | boolean | null | PythonTuple | readonly PythonValue[];

export interface PythonTuple {
  readonly tuple: readonly PythonValue[];
}

const isTuple = (value: object): value is PythonTuple => 'tuple' in value;

/** JSON's texts are Python's, too. */
export const literal = (value: PythonValue): string => {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isTuple(value)) return `[${value.map(literal).join(', ')}]`;
  const { tuple } = value;
  return tuple.length === 1 ? `(${literal(tuple[0]!)},)` : `(${tuple.map(literal).join(', ')})`;
};

const keywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in ' +
    'is lambda nonlocal not or pass raise return try while with yield ' +
    // names that the scripts use
    'keras layers np os x backbone LayerScale classes build preprocess load'
  ).split(' '),
);

/** A namer that gives each name an identifier of its own. */
export const identifiers = (): ((name: string) => string) => {
  const taken = new Set(keywords);
  return (name) => {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');
    let found = plain;
    for (let n = 2; taken.has(found); n += 1) found = `${plain}_${n}`;
    taken.add(found);
    return found;
  };
};
