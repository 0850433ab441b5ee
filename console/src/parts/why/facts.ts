import { language } from '@/texts'
import { texts } from './texts'

export type Facts = Record<string, unknown>

/** How a fact is shown. What holds several facts is shown as a table or a group of its own. */
export type Kind =
  | 'person'
  | 'people'
  | 'customer'
  | 'case'
  | 'time'
  | 'money'
  | 'reference'
  | 'words'
  | 'table'
  | 'group'

export interface Fact {
  name: string
  label: string
  kind: Kind
  value: unknown
}

const PEOPLE =
  /^(holder|winner_id|executed_by|releasers|staff_ids|skipped|reviewer|(\w+_)?(staff|party|holder|actor|author|reviewer|signer|claimant|ruler|router|checker|applicant|closer|recorder|reinstater|former)_id)$/
const CUSTOMERS = /^(customer_id|kept_id|closed_id|(\w+_)?customer_ids?)$/
const REFERENCES = /(_id|_ids|_version|^version|^build)$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
/** Shown elsewhere on the page, or of use to nobody. */
const HIDDEN = new Set(['deadline', 'zh', 'en', 'clause'])

function isGroup(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSentence(value: unknown): value is { zh: string; en: string } {
  return isGroup(value) && typeof value.zh === 'string' && Object.keys(value).length === 2
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return Array.isArray(value) ? value.length === 0 : isGroup(value) && !Object.keys(value).length
}

function kindOf(name: string, value: unknown): Kind {
  const rows = Array.isArray(value) ? (value as unknown[]) : []
  if (rows.some(isGroup)) return 'table'
  if (PEOPLE.test(name)) return rows.length ? 'people' : 'person'
  if (name === 'case_id') return 'case'
  if (CUSTOMERS.test(name)) return 'customer'
  if (REFERENCES.test(name)) return 'reference'
  if (isGroup(value) && !isSentence(value)) return 'group'
  if (name.endsWith('cents')) return 'money'
  return typeof value === 'string' && TIME.test(value) ? 'time' : 'words'
}

/** The word for a fact's name; an unknown name is shown with its underscores taken out. */
export function labelOf(name: string): string {
  const words = texts[language()].fact as Record<string, string>
  return words[name] ?? name.replaceAll('_', ' ')
}

/** The word for a value that the services write as an identifier, e.g. `ON_LEAVE`, `public_pool`. */
export function valueOf(value: unknown): string {
  const own = texts[language()]
  if (typeof value === 'boolean') return value ? own.yes : own.no
  if (Array.isArray(value)) return value.map(valueOf).join(language() === 'zh' ? '、' : ', ')
  if (isSentence(value)) return value[language()]
  const written = String(value)
  return (own.value as Record<string, string>)[written.toLowerCase()] ?? written
}

const ORDER: Kind[] = [
  'customer',
  'person',
  'people',
  'words',
  'money',
  'time',
  'group',
  'table',
  'case',
  'reference',
]

/** The facts of a decision without those that are empty: people first, references last. */
export function factsOf(facts: Facts): Fact[] {
  return Object.entries(facts)
    .filter(([name, value]) => !HIDDEN.has(name) && !isEmpty(value))
    .map(([name, value]) => ({
      name,
      label: labelOf(name),
      kind: kindOf(name, value),
      value,
    }))
    .sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))
}

/** The columns of a table of facts: every name that one of its rows has, and is not empty. */
export function columnsOf(rows: Facts[]): string[] {
  const names = rows.flatMap((row) =>
    Object.keys(row).filter((name) => !HIDDEN.has(name) && !isEmpty(row[name])),
  )
  return [...new Set(names)]
}
