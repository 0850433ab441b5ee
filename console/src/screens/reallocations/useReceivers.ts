import { computed } from 'vue'
import { api, ask } from '@/api/client'
import { may } from '@/api/permissions'
import { useAnswer } from '@/parts/useAnswer'

/** Somebody who may get customers; `free` slots where one may read quotas. */
export interface Receiver {
  staff_id: string
  display_name: string
  team: string
  free?: number
}

const MOST = 1000

/** The people who can get customers now, except the one whose customers they are. */
export function useReceivers(whose: () => string) {
  const { value } = useAnswer(async (signal) => {
    const found: Receiver[] = []
    let page_token = ''
    do {
      const page = await read(page_token, signal)
      found.push(...page.receivers)
      page_token = page.next
    } while (page_token && found.length < MOST)
    return found
  })
  return computed(() => (value.value ?? []).filter(({ staff_id }) => staff_id !== whose()))
}

async function read(
  page_token: string,
  signal: AbortSignal,
): Promise<{ receivers: Receiver[]; next: string }> {
  if (may('ownership.staff.read')) {
    const query = { receiving: true, page_size: 200, page_token }
    const found = await ask(api.GET('/v1/staff', { params: { query }, signal }))
    const receivers = found.staff.map(({ staff_id, display_name, team, quota }) => {
      return { staff_id, display_name, team, free: quota?.left_count }
    })
    return { receivers, next: found.next_page_token }
  }
  const query = { state: 'STAFF_STATE_ACTIVE' as const, page_size: 100, page_token }
  const found = await ask(api.GET('/v1/colleagues', { params: { query }, signal }))
  return { receivers: found.colleagues, next: found.next_page_token }
}
