import { computed, ref, shallowRef, watch } from 'vue'
import { api, ask, requestId } from '@/api/client'
import { onChange } from '@/api/live'
import { me } from '@/api/session'
import { takenBy, useCaseTypes, type Case } from '@/parts/cases/caseTypes'
import { tellRefusal, tellSuccess } from '@/parts/telling'
import { useTaking } from './useTaking'
import { draftOf, forgetDraft, missing, type Verdict } from './verdict'
import type { CaseList } from './views'

/**
 * The case that is open beside its list: taken when it is opened, decided at once for the reader and
 * then by the server at the version that she saw; the next one opens meanwhile. What the server
 * refuses comes back with everything that was entered.
 */
export function useCaseDesk(
  id: () => string,
  list: CaseList,
  show: (id: string) => void,
  changed: () => void,
  t: (key: string, figures?: Record<string, unknown>) => string,
) {
  const { typeOf } = useCaseTypes()
  const found = shallowRef<Case | null>(null)
  const error = shallowRef<unknown>(null)
  const sending = ref(new Set<string>())
  const walking = ref(false)

  const rows = computed(() => list.rows.filter((row) => !sending.value.has(row.case_id)))
  const at = computed(() => rows.value.findIndex((row) => row.case_id === id()))
  const draft = computed(() => draftOf(id()))
  const type = computed(() => typeOf(found.value?.case_type ?? ''))
  const taker = computed(() => (found.value ? takenBy(found.value) : ''))
  const decidable = computed(
    () => Boolean(found.value?.may_decide) && (!taker.value || taker.value === me.value),
  )

  const hold = useTaking((answered) => {
    if (answered.case_id === id()) found.value = answered
  })

  async function open(case_id: string): Promise<void> {
    error.value = null
    const known = list.rows.find((row) => row.case_id === case_id)
    found.value = known ?? null
    hold.leave()
    try {
      const fresh = known?.may_decide ? known : await hold.read(case_id)
      if (id() !== case_id || !fresh) return
      found.value = fresh
      hold.open(fresh)
    } catch (failure) {
      if (id() === case_id) error.value = failure
    }
  }

  /** Open the case `by` places further down the queue; at its end the next page. */
  function move(by: number): void {
    const to = rows.value[at.value + by]
    if (to) return show(to.case_id)
    if (by > 0 && list.hasNext) {
      walking.value = true
      list.forward()
    }
  }

  async function decide(verdict: Verdict): Promise<void> {
    const now = found.value
    if (!now || !type.value || missing(now, type.value, draft.value, verdict)) return
    const { case_id } = now
    const entered = draft.value
    sending.value.add(case_id)
    const place = list.rows.findIndex((row) => row.case_id === case_id)
    const others = rows.value.filter((row) => row.case_id !== case_id)
    const after = list.rows.slice(place + 1)
    const following = after.find((row) => others.includes(row)) ?? others.at(-1)
    try {
      const taken = await hold.ensure(now)
      hold.release(case_id)
      show(following?.case_id ?? '')
      const body = {
        verdict,
        checks: { ...entered.checks },
        answers: verdict === 'VERDICT_APPROVE' ? { ...entered.answers } : {},
        reason: entered.reason.trim(),
        etag: (taken ?? now).etag,
        request_id: entered.request_id,
      }
      const params = { path: { case_id } }
      const answer = await ask(api.POST('/v1/cases/{case_id}:decide', { params, body }))
      forgetDraft(case_id)
      tellSuccess(t(`done.${verdict}`, { name: now.full_name || now.applicant_name }))
      const waits = answer.case?.may_decide ? answer.case : null
      list.replaceRow((row) => row.case_id === case_id, waits)
      changed()
    } catch (failure) {
      if (tellRefusal(failure)) entered.request_id = requestId()
      show(case_id)
      void list.reload()
    } finally {
      sending.value.delete(case_id)
    }
  }

  watch(id, (case_id) => case_id && open(case_id), { immediate: true })
  watch(
    () => list.rows,
    (shown) => {
      if (walking.value && shown[0]) show(shown[0].case_id)
      walking.value = false
    },
  )
  onChange(['cases'], ({ subject_id }) => {
    const mine = found.value && hold.held.value === found.value.case_id
    if (!mine && id() && (!subject_id || subject_id === id())) void open(id())
  })

  return { found, error, rows, at, draft, type, taker, decidable, hold, open, move, decide }
}
