// Table: the augmentations that look at several images of a batch.

const batchSteps = { mixup: true, cutmix: true } as const;

export type BatchStepName = keyof typeof batchSteps;

export const isBatchStep = (name: string): name is BatchStepName => Object.hasOwn(batchSteps, name);
