// Verb: layers in any order → Keras' `model.layers` order, the order of weighted layers in Keras weight files.

interface Node {
  readonly name: string;
  readonly inputs: readonly string[];
}

/**
 * Keras' rule (docs/facts/keras.md, "Weights and their order"): sort by longest distance to the output, farthest first; equal distances by
 * the order of the first visit when walking from the output, inputs left to right, a layer before its inputs.
 * Layers that do not reach the output are left out.
 */
export function kerasOrder<N extends Node>(layers: readonly N[], output: string): readonly N[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const { visits, finished } = walk(byName, output);
  const depths = new Map<string, number>([[output, 0]]);
  // Reversed finishing order: every layer comes before the layers that it reads.
  for (const name of [...finished].reverse()) {
    const depth = depths.get(name) ?? 0;
    for (const input of byName.get(name)?.inputs ?? []) {
      depths.set(input, Math.max(depths.get(input) ?? 0, depth + 1));
    }
  }
  const depthOf = (layer: N) => depths.get(layer.name) ?? 0;
  const visitOf = (layer: N) => visits.get(layer.name) ?? 0;
  return layers
    .filter((layer) => visits.has(layer.name))
    .sort((a, b) => depthOf(b) - depthOf(a) || visitOf(a) - visitOf(b));
}

/** Depth-first walk without recursion: networks may be thousands of layers deep. */
function walk(byName: ReadonlyMap<string, Node>, output: string) {
  const visits = new Map<string, number>();
  const finished: string[] = [];
  const stack: { readonly name: string; next: number }[] = [];
  const visit = (name: string) => {
    visits.set(name, visits.size);
    stack.push({ name, next: 0 });
  };
  visit(output);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const input = byName.get(top.name)?.inputs[top.next];
    top.next += 1;
    if (input === undefined) {
      finished.push(top.name);
      stack.pop();
    } else if (!visits.has(input)) {
      visit(input);
    }
  }
  return { visits, finished };
}
