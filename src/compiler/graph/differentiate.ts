// Verb: reverse-mode differentiation. Adds to a graph under construction the nodes that compute d loss / d value.
import { type Builder, formulas } from './builder.ts';
import type { GradientCall, GradientRule } from './gradient-rule.ts';
import { gradientRules } from './gradients.ts';
import type { Node, OpName } from './graph.ts';

/**
 * Gradients of the scalar `loss` with respect to `values`, by value name. A value the loss does not depend on is missing.
 * No node is added for anything that none of `values` flows through: nothing is computed below the freeze frontier.
 */
export const differentiate = (b: Builder, loss: string, values: readonly string[]): ReadonlyMap<string, string> => {
  const f = formulas(b);
  const forward = [...b.nodes];
  const live = new Set(values);
  for (const node of forward) {
    if (node.inputs.some((input) => live.has(input))) for (const output of node.outputs) live.add(output);
  }
  const gradients = new Map<string, string>([[loss, b.constant([1])]]);
  const accumulate = (value: string, gradient: string): void => {
    const known = gradients.get(value);
    gradients.set(value, known === undefined ? gradient : f.add(known, gradient));
  };
  for (const node of forward.reverse()) {
    const dy = gradients.get(node.outputs[0] as string);
    if (dy === undefined || !node.inputs.some((input) => live.has(input))) continue;
    for (const [index, gradient] of callRule(b, node, dy, live).entries()) {
      if (gradient !== undefined && live.has(node.inputs[index] as string))
        accumulate(node.inputs[index] as string, gradient);
    }
  }
  return new Map(values.flatMap((value) => (gradients.has(value) ? [[value, gradients.get(value) as string]] : [])));
};

const callRule = (b: Builder, node: Node, dy: string, live: ReadonlySet<string>): readonly (string | undefined)[] => {
  const rule = gradientRules[node.op.op] as GradientRule<OpName>;
  const call: GradientCall<OpName> = {
    b,
    f: formulas(b),
    op: node.op,
    inputs: node.inputs,
    outputs: node.outputs,
    dy,
    wanted: node.inputs.map((input) => live.has(input)),
  };
  // d(y) beside y: `conv1_conv/Conv` gives names below `gradient/conv1_conv/`
  const scope = (node.outputs[0] as string).split('/').slice(0, -1).join('/');
  return b.scope(scope === '' ? 'gradient' : `gradient/${scope}`, () => rule(call));
};
