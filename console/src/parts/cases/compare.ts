import { diffChars } from 'diff'

/** A stretch of a text, as it is drawn beside another text. */
export interface Run {
  text: string
  /** `differs`: the other text does not have it; `ignored`: it does not matter. */
  mark: '' | 'differs' | 'ignored'
}

/** Texts with less in common than this differ altogether: single characters in common mean nothing. */
const ALIKE = 0.4

/** The text cut into what `other` has too, what it has not, and what was ignored. */
export function compared(text: string, other: string, ignored: string[] = []): Run[] {
  const characters = Array.from(text)
  let marks: Run['mark'][] = diffChars(text, other)
    .filter((part) => !part.added)
    .flatMap((part) => Array.from(part.value, (): Run['mark'] => (part.removed ? 'differs' : '')))
  const common = marks.filter((mark) => !mark).length
  if (common < ALIKE * Math.max(characters.length, Array.from(other).length)) {
    marks = marks.map(() => 'differs')
  }
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

/** Several short texts beside several others, e.g. telephone numbers: each is there too or is not. */
export function comparedEach(texts: string[], others: string[], between: string): Run[] {
  return texts.flatMap((text, at) => [
    ...(at ? [{ text: between, mark: '' as const }] : []),
    { text, mark: others.includes(text) ? ('' as const) : ('differs' as const) },
  ])
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
