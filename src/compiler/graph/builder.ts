// Builds a graph node by node: infers types, names values, shares equal constants.
import { fixed } from './dims.ts';
import type { Constant, DType, Graph, Node, Op, Shape, Value } from './graph.ts';
import { inferTypes } from './shapes.ts';

/** A graph under construction. Methods return value names. */
export interface Builder {
  readonly values: ReadonlyMap<string, Value>;
  readonly nodes: readonly Node[];
  /** A free value that the caller feeds. */
  input(name: string, dtype: DType, shape: Shape): string;
  /** Float constant; equal data and shape give the same value. */
  constant(data: readonly number[], shape?: readonly number[]): string;
  /** Adds a node with one result of interest (its first). */
  add(op: Op, inputs: readonly string[]): string;
  /** Adds a node and gives all its results. */
  addAll(op: Op, inputs: readonly string[]): readonly string[];
  /** Names of values added inside `body` begin with `prefix`. */
  scope<T>(prefix: string, body: () => T): T;
  shape(value: string): Shape;
  /** Gives a value a second, stable name (for outputs). */
  named(value: string, name: string): string;
  finish(outputs: readonly string[], name: string): Graph;
}

/** `base`, or where a value has that name, `base.2`, `base.3`, ... */
const unused = (values: ReadonlyMap<string, Value>, base: string): string => {
  if (!values.has(base)) return base;
  let count = 2;
  while (values.has(`${base}.${count}`)) count += 1;
  return `${base}.${count}`;
};

/** Equal data and shape have an equal key; long ones are not compared. */
const constantKey = (data: readonly number[], shape: readonly number[], count: number): string =>
  data.length <= 64 ? `${shape.join('x')}:${data.join(',')}` : `long:${count}`;

/** Names of new values begin with the scopes in which they are made. */
const createScopes = () => {
  let prefix = '';
  return {
    prefix: (): string => prefix,
    scope: <T>(name: string, body: () => T): T => {
      const outer = prefix;
      prefix = `${outer}${name}/`;
      try {
        return body();
      } finally {
        prefix = outer;
      }
    },
  };
};

/** An empty graph, or one that goes on from `start`. */
export const createBuilder = (start?: Graph): Builder => {
  const values = new Map<string, Value>(start?.values);
  const nodes: Node[] = [...(start?.nodes ?? [])];
  const inputs: string[] = [...(start?.inputs ?? [])];
  const constants = new Map<string, Constant>(start?.constants.map((constant) => [constant.name, constant]));
  const { prefix, scope } = createScopes();

  const valueNamed = (name: string): Value => {
    const value = values.get(name);
    if (!value) throw new Error(`the graph has no value '${name}'`);
    return value;
  };

  const push = (op: Op, from: readonly string[], names: (index: number) => string): readonly string[] => {
    const types = inferTypes(op, from.map(valueNamed));
    const outputs = types.map((type, index) => {
      const name = unused(values, names(index));
      values.set(name, { name, dtype: type.dtype, shape: type.shape });
      return name;
    });
    nodes.push({ op, inputs: from, outputs });
    return outputs;
  };

  const addAll: Builder['addAll'] = (op, from) =>
    push(op, from, (index) => `${prefix()}${op.op}${index === 0 ? '' : `:${index}`}`);

  return {
    values,
    nodes,
    input(name, dtype, shape) {
      if (values.has(name)) throw new Error(`the graph has two values '${name}'`);
      values.set(name, { name, dtype, shape });
      inputs.push(name);
      return name;
    },
    constant(data, shape = []) {
      const key = constantKey(data, shape, constants.size);
      const shared = constants.get(key);
      if (shared) return shared.name;
      const name = unused(values, data.length === 1 && shape.length === 0 ? `#${data[0]}` : `#${shape.join('x')}`);
      values.set(name, { name, dtype: 'float32', shape });
      constants.set(key, { name, data: Float32Array.from(data) });
      return name;
    },
    add: (op, from) => addAll(op, from)[0] as string,
    addAll,
    scope,
    shape: (name) => valueNamed(name).shape,
    named: (value, name) => push({ op: 'Identity' }, [value], () => name)[0] as string,
    finish: (outputs, name) => ({ name, values, inputs, outputs, constants: [...constants.values()], nodes }),
  };
};

type UnaryName =
  | 'Neg'
  | 'Abs'
  | 'Sign'
  | 'Exp'
  | 'Log'
  | 'Sqrt'
  | 'Reciprocal'
  | 'Erf'
  | 'Sigmoid'
  | 'Tanh'
  | 'Softplus';

/** Short forms of the operators that rules and formulas use most. */
export const formulas = (b: Builder) => {
  const number = (value: string | number): string => (typeof value === 'number' ? b.constant([value]) : value);
  const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min' | 'Greater' | 'Less' | 'Equal' | 'And') => {
    return (x: string | number, y: string | number): string => b.add({ op }, [number(x), number(y)]);
  };
  const unary = (op: UnaryName) => {
    return (x: string): string => b.add({ op } as Op, [x]);
  };
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    pow: binary('Pow'),
    max: binary('Max'),
    greater: binary('Greater'),
    less: binary('Less'),
    equal: binary('Equal'),
    and: binary('And'),
    neg: unary('Neg'),
    abs: unary('Abs'),
    sign: unary('Sign'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    reciprocal: unary('Reciprocal'),
    erf: unary('Erf'),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    softplus: unary('Softplus'),
    /** 1 where `condition`, else 0. */
    toFloat: (condition: string): string => b.add({ op: 'Cast', to: 'float32' }, [condition]),
    sum: (x: string, axes: readonly number[], keepdims = false): string =>
      b.add({ op: 'ReduceSum', axes, keepdims }, [x]),
    mean: (x: string, axes: readonly number[], keepdims = false): string =>
      b.add({ op: 'ReduceMean', axes, keepdims }, [x]),
    reshape: (x: string, shape: Shape): string => b.add({ op: 'Reshape', shape }, [x]),
    transpose: (x: string, perm: readonly number[]): string => b.add({ op: 'Transpose', perm }, [x]),
    /** [C] to broadcast along axis 1 of a value of this rank: [1, C, 1, 1] or [1, C]. */
    channels: (x: string, rank: number): string =>
      b.add({ op: 'Reshape', shape: [1, fixed(b.shape(x)[0]), ...new Array<number>(rank - 2).fill(1)] }, [x]),
    /** `x` broadcast to the shape of `like`. */
    expandLike: (x: string, like: string): string =>
      b.add({ op: 'Expand', shape: b.shape(like) }, [x, b.add({ op: 'Shape' }, [like])]),
    slice: (
      x: string,
      axes: readonly number[],
      starts: readonly number[],
      ends: readonly number[],
      steps: readonly number[] = axes.map(() => 1),
    ): string => b.add({ op: 'Slice', axes, starts, ends, steps }, [x]),
    concat: (parts: readonly string[], axis: number): string =>
      parts.length === 1 ? (parts[0] as string) : b.add({ op: 'Concat', axis }, parts),
  };
};

export type Formulas = ReturnType<typeof formulas>;
