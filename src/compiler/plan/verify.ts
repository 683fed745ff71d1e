// Verb: any JSON to what keeps it from being a plan, by plan.schema.json (AJV).
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from './plan.schema.json' with { type: 'json' };

let validate: ValidateFunction | undefined;

/** One line for each thing that is wrong (`/runs/0/seed must be integer`); none for a plan. */
export const verifyPlan = (plan: unknown): readonly string[] => {
  validate ??= new Ajv2020({ allErrors: true, discriminator: true, allowUnionTypes: true }).compile(schema);
  if (validate(plan)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
};
