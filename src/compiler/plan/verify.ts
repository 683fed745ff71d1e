// Verb: any JSON to what keeps it from being a plan, by plan.schema.json (AJV).
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from './plan.schema.json' with { type: 'json' };

/** A plan is verified once or twice in a process: making the validator costs more than running it, so it is not made quick. */
const options: Options = {
  allErrors: true,
  discriminator: true,
  allowUnionTypes: true,
  inlineRefs: false,
  code: { optimize: false },
};

let validate: ValidateFunction | undefined;

/** One line for each thing that is wrong (`/runs/0/seed must be integer`); none for a plan. */
export const verifyPlan = (plan: unknown): readonly string[] => {
  validate ??= new Ajv2020(options).compile(schema);
  if (validate(plan)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
};
