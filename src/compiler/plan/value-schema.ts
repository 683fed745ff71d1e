// Verb: value types and tables of words to the JSON schema of what they give in the plan.
import type { Params, ValueType, Word, Words } from '../vocabulary/word.ts';

export type Schema = { readonly [keyword: string]: unknown };

/** Names of tables that have a definition of their own (`#/$defs/NAME`). */
export type Definitions = ReadonlyMap<Words, string>;

/** An object of exactly these fields. */
export const objectOf = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

export const listOf = (items: Schema, minItems = 0): Schema => ({
  type: 'array',
  ...(minItems > 0 ? { minItems } : {}),
  items,
});

/** A value, or null. */
export const nullable = (schema: Schema): Schema =>
  typeof schema.type === 'string' && schema.enum === undefined && schema.type !== 'object'
    ? { ...schema, type: [schema.type, 'null'] }
    : { anyOf: [{ type: 'null' }, schema] };

export const refTo = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

interface Range {
  readonly min: number | null;
  readonly max: number | null;
  readonly above?: boolean;
  readonly below?: boolean;
}

const range = ({ min, max, above, below }: Range): Schema => ({
  ...(min === null ? {} : { [above ? 'exclusiveMinimum' : 'minimum']: min }),
  ...(max === null ? {} : { [below ? 'exclusiveMaximum' : 'maximum']: max }),
});

const two = (items: Schema): Schema => ({ type: 'array', minItems: 2, maxItems: 2, items });

/** Largest side of a window or an image, in pixels, that a file can say. */
const LARGEST_SIDE = 65536;
const side = (min: number): Schema => ({ type: 'integer', minimum: min, maximum: LARGEST_SIDE });

/** What a value of this type is in the plan. */
export const valueSchema = (type: ValueType, defs: Definitions): Schema => {
  switch (type.kind) {
    case 'number':
      return { type: type.integer ? 'integer' : 'number', ...range(type) };
    case 'share':
      return { type: 'number', ...range(type) };
    case 'pair':
      return two(side(type.min));
    case 'size':
      return objectOf({ height: side(1), width: side(1) });
    case 'choice':
      return { enum: Object.keys(type.words) };
    case 'flag':
      return { type: 'boolean' };
    case 'text':
      return type.what === 'name' ? { type: 'string', minLength: 1 } : { type: 'string' };
    case 'limits':
      return two({ type: 'number', ...range(type) });
    case 'call': {
      const name = defs.get(type.words);
      return name === undefined ? wordsSchema(type.words, defs) : refTo(name);
    }
    case 'numbers':
      return listOf({ type: type.integer ? 'integer' : 'number', ...range({ min: type.min, max: null }) });
    case 'texts':
      return listOf({ type: 'string' }, 1);
    case 'optional':
      return nullable(valueSchema(type.type, defs));
    case 'either':
      return { anyOf: type.types.map((each) => valueSchema(each, defs)) };
  }
};

/** The parameters of a word, each by its type. */
export const fieldsSchema = (params: Params, defs: Definitions): Readonly<Record<string, Schema>> =>
  Object.fromEntries(Object.entries(params).map(([name, { type }]) => [name, valueSchema(type, defs)]));

/** What the form of a word makes; without one undefined. */
export const formSchema = ({ form }: Word, defs: Definitions): Schema | undefined => {
  if (form === undefined) return undefined;
  return form.type.kind === 'fields' ? objectOf(fieldsSchema(form.type.params, defs)) : valueSchema(form.type, defs);
};

/** A word of a table: `{ kind: word, …parameters }`, or its form. Words of the same fields share a branch. */
export const wordsSchema = (
  words: Words,
  defs: Definitions,
  more: (word: Word) => Readonly<Record<string, Schema>> = () => ({}),
): Schema => {
  const forms = new Map<string, Schema>();
  const kinds = new Map<string, { readonly fields: Readonly<Record<string, Schema>>; readonly names: string[] }>();
  for (const [name, word] of Object.entries(words)) {
    const form = formSchema(word, defs);
    if (form !== undefined) {
      forms.set(JSON.stringify(form), form);
      continue;
    }
    const fields = { ...fieldsSchema(word.params, defs), ...more(word) };
    const key = JSON.stringify(fields);
    const group = kinds.get(key);
    if (group === undefined) kinds.set(key, { fields, names: [name] });
    else group.names.push(name);
  }
  const branches = [...kinds.values()].map(({ fields, names }) => ({
    ...(Object.keys(fields).length === 0 ? {} : { required: Object.keys(fields) }),
    additionalProperties: false,
    properties: { kind: names.length === 1 ? { const: names[0] } : { enum: names }, ...fields },
  }));
  const union: readonly Schema[] =
    branches.length === 0
      ? []
      : [{ type: 'object', required: ['kind'], discriminator: { propertyName: 'kind' }, oneOf: branches }];
  const all = [...union, ...forms.values()];
  return all.length === 1 ? all[0]! : { anyOf: all };
};
