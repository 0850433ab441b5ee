import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, ask, requestId } from '@/api/client'
import { Problem } from '@/api/problem'
import { me } from '@/api/session'
import { takenBy, type Case } from '@/parts/cases/caseTypes'

/** Who walks quickly from case to case takes none of those in between. */
const SETTLED_MS = 250
const RENEW_BEFORE_MS = 120_000

/**
 * Takes the case that is open so that nobody else decides it meanwhile, renews that while it stays
 * open, and gives it back when it is left undecided.
 */
export function useTaking(onChanged: (found: Case) => void) {
  const taking = ref(false)
  const held = shallowRef('')
  /** Cases whose decision is on its way: they stay taken when the reader moves on. */
  const deciding = new Set<string>()
  let wanted = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<Case | null> | null = null

  async function read(case_id: string): Promise<Case | null> {
    const answer = await ask(api.GET('/v1/cases/{case_id}', { params: { path: { case_id } } }))
    return answer.case ?? null
  }

  async function take(case_id: string): Promise<Case | null> {
    taking.value = true
    try {
      const body = { request_id: requestId() }
      const params = { path: { case_id } }
      const found = (await ask(api.POST('/v1/cases/{case_id}:take', { params, body }))).case
      if (!found) return null
      if (wanted !== case_id) {
        if (deciding.has(case_id)) return found
        giveBack(case_id)
        return null
      }
      held.value = case_id
      renewLater(found)
      onChanged(found)
      return found
    } catch (failure) {
      // Somebody else was quicker, or it is decided: what it is now tells the reader so.
      if (failure instanceof Problem) {
        const found = await read(case_id).catch(() => null)
        if (found && wanted === case_id) onChanged(found)
      }
      return null
    } finally {
      taking.value = false
    }
  }

  function renewLater(found: Case): void {
    const left = Date.parse(found.take_expire_time ?? '') - Date.now()
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        if (wanted === found.case_id) running = take(found.case_id)
      },
      Math.max(left - RENEW_BEFORE_MS, 30_000),
    )
  }

  function giveBack(case_id: string, keepalive = false): void {
    const body = { request_id: requestId() }
    const params = { path: { case_id } }
    void ask(api.POST('/v1/cases/{case_id}:return', { params, body, keepalive })).catch(() => null)
  }

  /** A case was opened. It is taken in a moment if it is the reader's to decide and free. */
  function open(found: Case): void {
    leave()
    wanted = found.case_id
    const other = takenBy(found)
    if (!found.may_decide || (other && other !== me.value)) return
    timer = setTimeout(() => (running = take(found.case_id)), SETTLED_MS)
  }

  /** Make sure that the case is taken until its release, and return it so; null when it cannot be. */
  async function ensure(found: Case): Promise<Case | null> {
    deciding.add(found.case_id)
    if (held.value === found.case_id) return found
    clearTimeout(timer)
    return (await running) ?? (await take(found.case_id))
  }

  /** The case was decided: it is nobody's any more. */
  function release(case_id: string): void {
    deciding.delete(case_id)
    if (held.value === case_id) held.value = ''
  }

  function leave(keepalive = false): void {
    clearTimeout(timer)
    wanted = ''
    running = null
    if (held.value && !deciding.has(held.value)) giveBack(held.value, keepalive)
    held.value = ''
  }

  const goodbye = () => leave(true)
  window.addEventListener('pagehide', goodbye)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', goodbye)
    leave()
  })

  return { taking, held, open, ensure, release, leave, read }
}
