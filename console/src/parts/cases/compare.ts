import { diffChars } from 'diff'

/** A stretch of a text, as it is drawn beside another text. */
export interface Run {
  text: string
  /** `differs`: the other text does not have it; `ignored`: it does not matter. */
  mark: '' | 'differs' | 'ignored'
}

/** The text cut into what `other` has too, what it has not, and what was ignored. */
export function compared(text: string, other: string, ignored: string[] = []): Run[] {
  const marks: Run['mark'][] = diffChars(text, other)
    .filter((part) => !part.added)
    .flatMap((part) => Array.from(part.value, (): Run['mark'] => (part.removed ? 'differs' : '')))
  const characters = Array.from(text)
  for (const part of ignored.filter(Boolean)) {
    const length = Array.from(part).length
    for (let at = 0; at + length <= characters.length; at++) {
      if (characters.slice(at, at + length).join('') === part)
        marks.fill('ignored', at, at + length)
    }
  }
  const runs: Run[] = []
  characters.forEach((character, at) => {
    const mark = marks[at] ?? ''
    const last = runs.at(-1)
    if (last?.mark === mark) last.text += character
    else runs.push({ text: character, mark })
  })
  return runs
}

/** A customer's record as the forms have it: texts, and lists of texts. */
export type Fields = Record<string, unknown>

/** A field of a record as one text. */
export function written(value: unknown): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.map(String).join('、') : String(value)
}

const ORDER = [
  'full_name',
  'unified_credit_code',
  'business_address',
  'hr_lead',
  'contact',
  'phones',
  'industry_kind',
  'category',
]

/** The fields that one of the records has something in, in the order people read them. */
export function fieldsOf(...records: Fields[]): string[] {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  const filled = [...names].filter((name) => records.some((record) => written(record[name])))
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return filled.sort((one, other) => place(one) - place(other))
}
