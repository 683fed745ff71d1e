// Verify: a graph to what is wrong with it. A sound graph is what every pass takes and gives.
import { elements, printShape, sameShape } from './dims.ts';
import type { Graph, Node, OpName, Value } from './graph.ts';
import { inferTypes, shapeRules, type ValueType } from './shapes.ts';

/** Operators of tlp's own: a pass spells them with ONNX operators before a graph is encoded. */
const OWN: ReadonlySet<OpName> = new Set<OpName>(['BatchNormalizationTraining']);

export interface Soundness {
  /** Inputs that may go unread: the caller feeds them anyway. */
  readonly declared: ReadonlySet<string>;
  /** Operators of the standard ONNX domain only. */
  readonly standard: boolean;
}

const printType = ({ dtype, shape }: ValueType): string => `${dtype} ${printShape(shape)}`;

const sameType = (a: ValueType, b: ValueType): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);

/** What `name` is defined by more than once, or by nothing. */
const definitionFaults = ({ values, inputs, constants, nodes }: Graph): readonly string[] => {
  const defined = new Set<string>();
  const twice: string[] = [];
  const all = [...inputs, ...constants.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)];
  for (const name of all) {
    if (defined.has(name)) twice.push(name);
    defined.add(name);
  }
  return [
    ...twice.map((name) => `the value '${name}' is defined twice`),
    ...[...defined].filter((name) => !values.has(name)).map((name) => `the value '${name}' has no recorded type`),
    ...[...values]
      .filter(([name, value]) => value.name !== name)
      .map(([name, value]) => `the value '${name}' is recorded as '${value.name}'`),
  ];
};

const constantFaults = ({ values, constants }: Graph): readonly string[] =>
  constants.flatMap(({ name, data }) => {
    const value = values.get(name);
    if (!value) return [];
    const wanted: ValueType = { dtype: data instanceof Float32Array ? 'float32' : 'int64', shape: value.shape };
    const fixed = value.shape.every((dim) => typeof dim === 'number');
    return sameType(value, wanted) && fixed && elements(value.shape, 1) === data.length
      ? []
      : [`the constant '${name}' holds ${data.length} values of ${wanted.dtype}, recorded is ${printType(value)}`];
  });

/** The operator is known, in the wanted domain, and gives the types that are recorded. */
const typeFaults = (node: Node, values: ReadonlyMap<string, Value>, standard: boolean): readonly string[] => {
  const { op, inputs, outputs } = node;
  const what = `${op.op} that gives '${outputs[0]}'`;
  if (!Object.hasOwn(shapeRules, op.op)) return [`${what} is no operator that tlp knows`];
  if (standard && OWN.has(op.op)) return [`${what} is no operator of the standard ONNX domain`];
  const from = inputs.flatMap((name) => values.get(name) ?? []);
  if (from.length < inputs.length) return [];
  let types: readonly ValueType[];
  try {
    types = inferTypes(op, from);
  } catch (error) {
    return [`${what} does not fit its inputs: ${error instanceof Error ? error.message : String(error)}`];
  }
  if (outputs.length > types.length) return [`${what} has ${outputs.length} outputs, not ${types.length}`];
  return outputs.flatMap((name, index) => {
    const [recorded, inferred] = [values.get(name), types[index] as ValueType];
    return recorded === undefined || sameType(recorded, inferred)
      ? []
      : [`the value '${name}' is recorded as ${printType(recorded)}, ${op.op} gives ${printType(inferred)}`];
  });
};

/**
 * One line for each fault, none for a sound graph: every value is defined once, and before it is read; its recorded type is what
 * the shape rules infer; outputs exist; inputs are read, or declared; operators are known and, where asked for, standard.
 */
export const verifyGraph = (graph: Graph, { declared, standard }: Soundness): readonly string[] => {
  const faults: string[] = [...definitionFaults(graph), ...constantFaults(graph)];
  const ready = new Set([...graph.inputs, ...graph.constants.map(({ name }) => name)]);
  const read = new Set(graph.outputs);
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      read.add(input);
      if (!ready.has(input)) faults.push(`${node.op.op} reads '${input}' before it is defined`);
    }
    for (const output of node.outputs) ready.add(output);
    faults.push(...typeFaults(node, graph.values, standard));
  }
  for (const output of graph.outputs) if (!ready.has(output)) faults.push(`the output '${output}' is not defined`);
  for (const input of graph.inputs)
    if (!read.has(input) && !declared.has(input)) faults.push(`the input '${input}' is not read`);
  return faults;
};
