import { describe, expect, it } from 'vitest'
import { monthsOf, type CountedDay } from './weeks'

function day(date: string, counted = true): CountedDay {
  return {
    date,
    counted,
    kind: counted ? 'DAY_KIND_WORKING_DAY' : 'DAY_KIND_WEEKEND',
    zh: '',
    en: '',
    skip_reason: counted ? 'SKIP_REASON_UNSPECIFIED' : 'SKIP_REASON_NOT_WORKED',
  }
}

const SPAN = [
  day('2026-09-28'),
  day('2026-09-29'),
  day('2026-09-30'),
  day('2026-10-01', false),
  day('2026-10-02', false),
  day('2026-10-10'),
]

describe('the months of a count', () => {
  it('have weeks from Monday to Sunday, and nothing of another month', () => {
    const [september, october] = monthsOf(SPAN)
    expect([september?.name, october?.name]).toEqual(['2026-09', '2026-10'])
    expect(september?.weeks.map((week) => week.map(({ date }) => date))).toEqual([
      ['2026-09-28', '2026-09-29', '2026-09-30', '', '', '', ''],
    ])
    expect(october?.weeks.map((week) => week[6]?.date)).toEqual(['2026-10-04', '2026-10-11'])
  })

  it('number the days that count, across months', () => {
    const squares = monthsOf(SPAN).flatMap(({ weeks }) => weeks.flat())
    const numbered = squares.filter(({ number }) => number > 0)
    expect(numbered.map(({ date, number }) => [date, number])).toEqual([
      ['2026-09-28', 1],
      ['2026-09-29', 2],
      ['2026-09-30', 3],
      ['2026-10-10', 4],
    ])
  })

  it('reach to the days that are shown besides', () => {
    const [month] = monthsOf([day('2026-11-24')], ['2026-11-20'])
    expect(month?.weeks).toHaveLength(2)
    expect(month?.weeks[0]?.[4]).toEqual({ date: '2026-11-20', number: 0 })
  })

  it('are none without days', () => {
    expect(monthsOf([])).toEqual([])
  })
})
