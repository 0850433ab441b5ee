import { computed, watch } from 'vue'
import { api, ask, type Message } from '@/api/client'
import { Problem } from '@/api/problem'
import { today } from '@/parts/time'
import { useAnswer } from '@/parts/useAnswer'
import { useRouteQuery } from '@/parts/useRouteQuery'
import { mondayOf, shifted } from './weeks'

export type Rota = Message<'ownership.v1.Rota'>
type DutyRep = Message<'ownership.v1.DutyDay'>['reps'][number]

/** Somebody of the rota through a week: one entry a day, none where not on it that day. */
export interface Line {
  staff_id: string
  group: string
  rank: number
  amount_cents: string
  leads: number
  days: (DutyRep | undefined)[]
}

/** A week of duty: its days with their badges, who is on it, and every build of its rota. */
export function useWeek() {
  const week = useRouteQuery('week', mondayOf(today()))
  const first = computed(() => mondayOf(week.value))
  const last = computed(() => shifted(first.value, 6))

  const duty = useAnswer(
    (signal) => {
      const query = { first_date: first.value, last_date: last.value }
      return ask(api.GET('/v1/dutyDays', { params: { query }, signal }))
    },
    ['leads', 'conduct'],
  )
  const rotas = useAnswer(
    async (signal) => {
      try {
        const params = { path: { day: first.value } }
        return (await ask(api.GET('/v1/rotas/{day}', { params, signal }))).rotas
      } catch (failure) {
        if (failure instanceof Problem && failure.document.status === 404) return []
        throw failure
      }
    },
    ['leads', 'conduct'],
  )
  const named = useAnswer(async (signal) => {
    const years = [...new Set([first.value.slice(0, 4), last.value.slice(0, 4)])].map(Number)
    const answers = await Promise.all(
      years.map((year) =>
        ask(api.GET('/v1/calendar/{year}', { params: { path: { year } }, signal })),
      ),
    )
    return new Map(answers.flatMap(({ days }) => days.map((day) => [day.date, day] as const)))
  })
  watch(week, () => {
    void duty.reload()
    void rotas.reload()
    void named.reload()
  })

  const rota = computed(() => rotas.value.value?.at(-1))
  const lines = computed(() => {
    const found = new Map<string, Line>()
    const amounts = new Map(rota.value?.members.map((one) => [one.staff_id, one.amount_cents]))
    duty.value.value?.days.forEach((day, at) => {
      for (const rep of day.reps) {
        const line = found.get(rep.staff_id) ?? {
          staff_id: rep.staff_id,
          group: rep.group,
          rank: rep.rank,
          amount_cents: String(amounts.get(rep.staff_id) ?? 0),
          leads: 0,
          days: [],
        }
        line.days[at] = rep
        line.leads += rep.leads_count
        found.set(rep.staff_id, line)
      }
    })
    return [...found.values()]
  })

  return { week, first, last, duty, rotas, rota, named, lines }
}
