import { reactive } from 'vue'
import { api, ask, requestId, type Message } from '@/api/client'
import { may } from '@/api/permissions'
import { Problem, type ProblemDocument } from '@/api/problem'
import { tellRefusal } from '@/parts/telling'
import { bodyOf, concerned, type Draft } from './draft'
import type { Service } from './rules'

/** What became of a draft in one service. */
export interface ServiceResult {
  preview?: Message<'operations.v1.PreviewPolicyResponse'>
  refusal?: ProblemDocument
  /** The version that it has become. */
  applied?: number
}

/** Preview a draft and apply it, service by service: one that refuses leaves the others as they are. */
export function useApplying(draft: Draft) {
  const state = reactive({
    busy: false,
    previewed: false,
    applied: false,
    results: {} as Record<Service, ServiceResult>,
    effect: null as Message<'ownership.v1.PreviewReclaimResponse'> | null,
  })
  const ids = new Map<string, string>()

  async function each(send: (service: Service) => Promise<ServiceResult>): Promise<void> {
    state.busy = true
    try {
      for (const service of concerned(draft)) {
        try {
          state.results[service] = await send(service)
        } catch (failure) {
          if (!(failure instanceof Problem)) throw failure
          state.results[service] = { refusal: failure.document }
        }
      }
    } catch (failure) {
      tellRefusal(failure)
    } finally {
      state.busy = false
    }
  }

  async function preview(effective_time?: string): Promise<void> {
    state.results = {}
    state.effect = null
    state.applied = false
    ids.clear()
    await each(async (service) => {
      const params = { path: { service } }
      const body = { ...bodyOf(draft, service), effective_time }
      const found = await ask(api.POST('/v1/services/{service}/policies:preview', { params, body }))
      return { preview: found }
    })
    await foresee(effective_time)
    state.previewed = true
  }

  /** What the next reclaim run would take, where the draft is about libraries or deadlines. */
  async function foresee(effective_time?: string): Promise<void> {
    const of = (service: Service) =>
      state.results[service]?.preview
        ? { service, ...bodyOf(draft, service), effective_time }
        : undefined
    const body = { ownership_draft: of('ownership'), scheduler_draft: of('scheduler') }
    if (!may('ownership.runs.read')) return
    if (!body.ownership_draft && !body.scheduler_draft) return
    state.busy = true
    try {
      state.effect = await ask(api.POST('/v1/runs:previewReclaim', { body }))
    } catch (failure) {
      tellRefusal(failure)
    } finally {
      state.busy = false
    }
  }

  /** Whether every service has applied its part. What one has applied leaves the draft. */
  async function apply(
    reason: string,
    confirmed: boolean,
    effective_time?: string,
  ): Promise<boolean> {
    await each(async (service) => {
      const request_id = ids.get(service) ?? requestId()
      ids.set(service, request_id)
      const etag = state.results[service]?.preview?.etag
      const params = { path: { service } }
      const body = {
        ...bodyOf(draft, service),
        etag,
        reason,
        confirmed,
        effective_time,
        request_id,
      }
      const found = await ask(api.POST('/v1/services/{service}/policies', { params, body }))
      leave(service)
      return { applied: found.policy?.version }
    })
    state.previewed = false
    state.applied = true
    return concerned(draft).length === 0
  }

  function leave(service: Service): void {
    const others = Object.entries(draft.changes).filter(([, change]) => change.service !== service)
    draft.changes = Object.fromEntries(others)
    draft.returns = { ...draft.returns, [service]: undefined }
  }

  return { state, preview, apply }
}
