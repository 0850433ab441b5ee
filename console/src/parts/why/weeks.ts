import type { Message } from '@/api/client'

export type CountedDay = Message<'scheduler.v1.CountedDay'>

/** A square of a month's grid. */
export interface Square {
  /** `2026-11-22`; empty before the first and after the last of the month. */
  date: string
  /** The day as the scheduler told it; absent outside the count. */
  told?: CountedDay
  /** Which of the counted days it is, from 1; 0 when it does not count. */
  number: number
}

export interface Month {
  /** `2026-11` */
  name: string
  /** Weeks from Monday to Sunday, only those that the count touches. */
  weeks: Square[][]
}

const DAY = 86_400_000

function iso(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}

/** Monday is 0. */
function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** The months that a count of days touches, as grids; `also` are days to be shown besides. */
export function monthsOf(days: CountedDay[], also: string[] = []): Month[] {
  const told = new Map(days.map((day) => [day.date, day]))
  const numbers = new Map(
    days.filter((day) => day.counted).map((day, before) => [day.date, before + 1]),
  )
  const touched = [...told.keys(), ...also.filter(Boolean)].sort()
  const first = touched[0]
  const last = touched.at(-1)
  if (!first || !last) return []
  const months = new Map<string, Square[][]>()
  const from = Date.parse(first) - weekday(first) * DAY
  const to = Date.parse(last) + (6 - weekday(last)) * DAY
  for (let monday = from; monday <= to; monday += 7 * DAY) {
    const week = Array.from({ length: 7 }, (_, place) => iso(monday + place * DAY))
    const names = new Set(
      week.filter((date) => date >= first && date <= last).map((date) => date.slice(0, 7)),
    )
    for (const name of names) {
      const squares = week.map((date) =>
        date.startsWith(name)
          ? { date, told: told.get(date), number: numbers.get(date) ?? 0 }
          : { date: '', number: 0 },
      )
      months.set(name, [...(months.get(name) ?? []), squares])
    }
  }
  return [...months].map(([name, weeks]) => ({ name, weeks }))
}
