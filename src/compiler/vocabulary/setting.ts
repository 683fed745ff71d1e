// Noun: a word that sets one field of the plan, with what the field is when the word is not written.
import { type FieldsOf, type Form, type Json, type Params, required, type Typed, type Word } from './word.ts';

/** T is what the word gives, I what the field is without it; `I` null where that follows from something else. */
export interface SettingWord<out T extends Json = Json, out I extends Json = Json> extends Word {
  readonly form: Form<T>;
  readonly initial: I;
  /** `word none` is allowed and means null. */
  readonly optional?: boolean;
}

export const isSetting = (word: Word): word is SettingWord => 'initial' in word && word.form !== undefined;

/** What a setting gives where it is written. */
export type GivenBy<W> = W extends SettingWord<infer T> ? T : never;

/** What the field of a setting holds: what is written, or its value without being written. */
export type SettingOf<W> = W extends SettingWord<infer T, infer I> ? (null extends I ? T | null : T) : never;

/** The value of the parameter `value` alone. */
export const valueForm = <T extends Json>({ type }: Typed<T>): Form<T> => ({
  type,
  build: ({ value }: { readonly value: T }) => value,
});

/** The parameters as an object, without a kind. */
export const fieldsForm = <P extends Params>(params: P): Form<FieldsOf<P>> => ({
  type: { kind: 'fields', params },
  build: (fields: FieldsOf<P>) => fields,
});

/** `word VALUE`; `what` says what the value is, where that is not what the word says. */
export const setting = <T extends Json, const I extends NoInfer<T> | null>(
  typed: Typed<T>,
  initial: I,
  doc: string,
  example: string,
  what: string = doc,
): SettingWord<T, I> => ({
  doc,
  example,
  positional: ['value'],
  params: { value: required(typed, what) },
  form: valueForm(typed),
  initial,
});
