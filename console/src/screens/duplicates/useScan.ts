import { useTimeoutFn } from '@vueuse/core'
import { computed, watch } from 'vue'
import { api, ask, type Message } from '@/api/client'
import { Problem } from '@/api/problem'
import { useAnswer } from '@/parts/useAnswer'
import { useCommand } from '@/parts/useCommand'

export type Scan = Message<'customers.v1.DuplicateScan'>

/** Nothing announces how far a scan is; while one runs it is asked so often. */
const WHILE_RUNNING_MS = 2_000

async function latest(signal: AbortSignal): Promise<Scan | null> {
  const params = { path: { scan_id: 'latest' } }
  try {
    return (await ask(api.GET('/v1/duplicateScans/{scan_id}', { params, signal }))).duplicate_scan
  } catch (failure) {
    if (failure instanceof Problem && failure.document.reason === 'SCAN_UNKNOWN') return null
    throw failure
  }
}

/** The scan that began last (null when there was none yet), followed while it runs. */
export function useScan(begun: () => string) {
  const { value, state, reload } = useAnswer(latest)
  const running = computed(() => value.value?.state === 'DUPLICATE_SCAN_STATE_RUNNING')
  const { start, stop } = useTimeoutFn(reload, WHILE_RUNNING_MS, { immediate: false })
  // After a failure too: a service that was away comes back.
  watch([value, () => state.error], () => (running.value ? start() : stop()))

  const beginning = useCommand(
    async (request_id, most_found: number) => {
      const body = { most_found, request_id }
      await ask(api.POST('/v1/duplicateScans', { body }))
      await reload()
    },
    () => begun(),
  )
  return { scan: value, state, reload, running, beginning }
}
