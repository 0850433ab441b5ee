import type { Message } from '@/api/client'
import { language, word } from '@/texts'

type Fact = Message<'customers.v1.CustomerFact'>

/** One recorded value of a field, with the one before it. */
export interface Change {
  id: string
  before: string[] | null
  after: string[]
  reason: string
  author: string
  time: string | undefined
}

/** What was ever recorded of each field, the newest first. `facts` are in the order of recording. */
export function historyOf(facts: Fact[]): Map<string, Change[]> {
  const values = new Map(facts.map((fact) => [fact.fact_id, fact.values]))
  const found = new Map<string, Change[]>()
  for (const fact of facts) {
    const change = {
      id: fact.fact_id,
      before: values.get(fact.supersedes_id) ?? null,
      after: fact.values,
      reason: fact.reason,
      author: fact.author_id,
      time: fact.record_time,
    }
    found.set(fact.field, [change, ...(found.get(fact.field) ?? [])])
  }
  return found
}

/** The names of a customer besides its own, by the field of the facts that tell them. */
export function namesOf(names: Message<'customers.v1.OtherName'>[]): Map<string, string[]> {
  const of = (kind: string) =>
    names.filter((other) => other.kind === kind).map((other) => other.name)
  return new Map([
    ['former_names', of('NAME_KIND_FORMER')],
    ['short_names', of('NAME_KIND_SHORT')],
  ])
}

/** The value of a field as people read it. */
export function valueOf(field: string, values: string | string[]): string {
  const shown = [values].flat().filter(Boolean)
  const words = { category: 'category', industry_kind: 'kind' }[field]
  return shown
    .map((value) => (words ? word(words, value) : value))
    .join(language() === 'zh' ? '、' : ', ')
}
