// Table: the devices of each engine. A leaf without the engines' code, since every command knows what `--device` takes.

/** Devices by engine, the surest first. */
export const engineDevices = {
  onnx: ['cpu', 'webgpu', 'cuda'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What `--device` takes. */
export const deviceChoices: readonly string[] = ['auto', ...new Set(Object.values(engineDevices).flat())];
