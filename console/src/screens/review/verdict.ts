import { reactive } from 'vue'
import { requestId } from '@/api/client'
import { findingsOf, type Case, type CaseType } from '@/parts/cases/caseTypes'

export type Verdict = 'VERDICT_APPROVE' | 'VERDICT_REJECT'

/** What a reviewer has entered of a case, kept while she looks at others. */
export interface Draft {
  checks: Record<string, boolean>
  answers: Record<string, string>
  reason: string
  armed: Verdict | ''
  request_id: string
}

const drafts = new Map<string, Draft>()

export function draftOf(case_id: string): Draft {
  const known = drafts.get(case_id)
  if (known) return known
  const fresh = reactive<Draft>({
    checks: {},
    answers: {},
    reason: '',
    armed: '',
    request_id: requestId(),
  })
  drafts.set(case_id, fresh)
  return fresh
}

export function forgetDraft(case_id: string): void {
  drafts.delete(case_id)
}

type CheckRule = CaseType['required_checks'][number]

/** What the system found that speaks against passing a test. */
export function against(found: Case, check: CheckRule): string[] {
  const findings = findingsOf(found)
  if (check.evidence === 'duplicate') return findings.duplicate
  return check.evidence === 'incomplete' ? findings.incomplete : []
}

/** Whether the case type, with what the system found, wants a reason for this verdict. */
export function wantsReason(found: Case, type: CaseType, verdict: Verdict | ''): boolean {
  if (verdict === 'VERDICT_REJECT') return type.reason_on_reject
  return type.required_checks.some(
    (check) => check.contradicted === 'reason' && against(found, check).length > 0,
  )
}

/**
 * What is still missing for a verdict, as a key of the texts; empty when it can be sent. The case
 * type says what is needed, and the service decides.
 */
export function missing(found: Case, type: CaseType, draft: Draft, verdict: Verdict): string {
  const rules = type.required_checks
  const passed = rules.map(({ name }) => draft.checks[name])
  if (passed.includes(undefined as never)) return 'recordFirst'
  if (verdict === 'VERDICT_REJECT') {
    if (rules.length && !passed.includes(false)) return 'allPassed'
  } else {
    if (passed.includes(false)) return 'someFailed'
    const barred = (check: CheckRule) =>
      check.contradicted === 'refuse' && against(found, check).length > 0
    if (rules.some(barred)) return 'contradicted'
    if (found.asks.some(({ name }) => !draft.answers[name]?.trim())) return 'giveAnswers'
  }
  const silent = !draft.reason.trim()
  return silent && wantsReason(found, type, verdict) ? 'giveReason' : ''
}
