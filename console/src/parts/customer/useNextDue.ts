import { ref } from 'vue'
import { api, ask } from '@/api/client'
import { lastDay } from '@/parts/time'

/**
 * The day by which the customer would next be due if it were followed up now, as the scheduler
 * computes it for the clocks that run for the caller; empty when none runs.
 */
export function useNextDue(customerId: string) {
  const date = ref('')

  async function preview(clock: string): Promise<string> {
    const params = { path: { clock }, query: { party_id: 'me' } }
    return (await ask(api.GET('/v1/clocks/{clock}:preview', { params }))).due_time ?? ''
  }

  async function find(): Promise<void> {
    const query = { subject_id: customerId, party_id: 'me', running: true }
    const { clocks } = await ask(api.GET('/v1/clocks', { params: { query } }))
    const moments = await Promise.all(clocks.map(({ clock }) => preview(clock)))
    const first = moments.filter(Boolean).sort()[0]
    if (first) date.value = lastDay(first)
  }

  void find().catch(() => null)
  return date
}
