import { colleague } from '@/api/names'
import { minute } from '@/parts/time'

type Figures = Record<string, unknown>
type Speak = (key: string, figures?: Record<string, unknown>) => string

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)/g

/** The days of a figure like `2026-11-02, 2026-11-03`. */
export function days(figure: unknown): string[] {
  return String(figure ?? '')
    .split(', ')
    .filter(Boolean)
}

/**
 * A ground's sentence as people read it: names for ids, times of the company, words for the rules it
 * names; lists of days are shortened, because they stand below it day by day.
 */
export function plain(
  sentence: string,
  figures: Figures,
  records: Record<string, string>,
  t: Speak,
): string {
  const named = new Map<string, string>()
  const counted = days(figures.counted)
  const skipped = days(figures.skipped)
  if (counted.length > 2) {
    named.set(counted.join(', '), t('daySpan', { first: counted[0], last: counted.at(-1) }))
  }
  if (skipped.length > 1) named.set(skipped.join(', '), t('dayCount', { count: skipped.length }))
  const staff = String(figures.staff_id ?? '')
  if (staff) named.set(staff, colleague(staff)?.display_name ?? staff)
  for (const rule of days(figures.order)) named.set(rule, t(`precedence.${rule}`))
  Object.entries(records).forEach(([id, name]) => named.set(id, name))
  const told = [...named].reduce((text, [id, name]) => text.replaceAll(id, name), sentence)
  return told.replace(TIME, (time) => minute(time))
}
