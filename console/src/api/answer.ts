/**
 * What an answer holds: the API prints every number, text, list and enum, also when it is zero or
 * empty. Only messages may be missing. Times are texts that may be missing too: test them before use.
 */
export type Answer<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Answer<Item>[]
    : { [Key in keyof T]-?: Member<T[Key]> }

type Member<T> =
  NonNullable<T> extends readonly unknown[]
    ? Answer<NonNullable<T>>
    : NonNullable<T> extends string | number | boolean
      ? NonNullable<T>
      : NonNullable<T> extends Record<string, unknown>
        ? Answer<NonNullable<T>> | undefined
        : NonNullable<T>
