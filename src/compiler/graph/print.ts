// Prints a graph, one node a line, for people and golden files.
import { printShape } from './dims.ts';
import type { Graph, Node, Op } from './graph.ts';

const printAttribute = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(printAttribute).join(',')}]`
    : typeof value === 'object' && value !== null
      ? `${(value as { times: number }).times}N`
      : String(value);

const printAttributes = ({ op: _, ...attributes }: Op): string => {
  const text = Object.entries(attributes).map(([key, value]) => `${key}=${printAttribute(value)}`);
  return text.length > 0 ? ` {${text.join(' ')}}` : '';
};

/** `y = Conv(x, w) {strides=[1,1]} : Nx8x32x32` */
export const printNode = (graph: Graph, node: Node): string => {
  const types = node.outputs.map((name) => printShape(graph.values.get(name)?.shape ?? []));
  return `${node.outputs.join(', ')} = ${node.op.op}(${node.inputs.join(', ')})${printAttributes(node.op)} : ${types.join(', ')}`;
};

/** The whole graph: inputs, nodes, outputs. */
export const printGraph = (graph: Graph): string =>
  [
    `graph ${graph.name}`,
    ...graph.inputs.map((name) => `  input ${name} : ${printShape(graph.values.get(name)?.shape ?? [])}`),
    ...graph.nodes.map((node) => `  ${printNode(graph, node)}`),
    ...graph.outputs.map((name) => `  output ${name} : ${printShape(graph.values.get(name)?.shape ?? [])}`),
    '',
  ].join('\n');
