import { reactive } from 'vue'
import { api, ask, type Message } from './client'

export type Colleague = Message<'ownership.v1.Colleague'>

const known = reactive(new Map<string, Colleague | null>())
let wanted = new Set<string>()

async function fetchWanted(): Promise<void> {
  const ids = [...wanted].slice(0, 100)
  wanted = new Set([...wanted].slice(100))
  ids.forEach((id) => known.set(id, null))
  try {
    const answer = await ask(
      api.GET('/v1/colleagues', { params: { query: { ids, page_size: 100 } } }),
    )
    answer.colleagues.forEach((colleague) => known.set(colleague.staff_id, colleague))
  } catch {
    ids.forEach((id) => known.delete(id))
  }
  if (wanted.size) void fetchWanted()
}

/** The person of an id as soon as it is known; ids asked for at the same moment go in one request. */
export function colleague(id: string): Colleague | null {
  const found = known.get(id)
  if (found !== undefined || !id) return found ?? null
  if (!wanted.size) queueMicrotask(() => void fetchWanted())
  wanted.add(id)
  return null
}

/** People whose name contains the text, at most 20. */
export async function findColleagues(query: string): Promise<Colleague[]> {
  const answer = await ask(
    api.GET('/v1/colleagues', { params: { query: { query, page_size: 20 } } }),
  )
  answer.colleagues.forEach((found) => known.set(found.staff_id, found))
  return answer.colleagues
}
