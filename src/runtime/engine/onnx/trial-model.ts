// A small ONNX model to try a device with: one convolution, large enough to tell a real GPU from a software driver.
// The bytes are what the compiler gives for it; a test compares.

/** Shapes of its inputs: 8 images of 64x64x32, a 3x3 kernel to 64 channels. */
export const TRIAL_SHAPES = { x: [8, 32, 64, 64], w: [64, 32, 3, 3] } as const;

/** Work of one run: 2 x pixels x kernel positions x channels in x channels out, in 10^9. */
export const TRIAL_GIGAFLOP = (2 * 8 * 64 * 64 * 9 * 32 * 64) / 1e9;

/** ONNX bytes in base64. */
export const TRIAL_MODEL =
  'CAgSA3RscDrZAQp2CgF4CgF3EgRDb252GgRDb252IgRDb252KhAKB3N0cmlkZXNAAUABoAEHKhEKBHBhZHNAAUABQAFAAaABByoSCglkaWxhdGlvbnNAAUABoAEHKgwKBWdyb3VwGAGgAQIqFQoMa2VybmVsX3NoYXBlQANAA6ABBxIFdHJpYWxaGwoBeBIWChQIARIQCgIICAoCCCAKAghACgIIQFobCgF3EhYKFAgBEhAKAghACgIIIAoCCAMKAggDYh4KBENvbnYSFgoUCAESEAoCCAgKAghACgIIQAoCCEBCBAoAEBI=';
