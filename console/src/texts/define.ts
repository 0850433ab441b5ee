/** A catalogue: the English one has the same keys as the Chinese one, checked by the compiler. */
export interface Texts<Zh extends object = object> {
  zh: Zh
  en: SameKeys<Zh>
}

type SameKeys<T> = { [Key in keyof T]: T[Key] extends string ? string : SameKeys<T[Key]> }

export function defineTexts<Zh extends object>(zh: Zh, en: SameKeys<Zh>): Texts<Zh> {
  return { zh, en }
}
