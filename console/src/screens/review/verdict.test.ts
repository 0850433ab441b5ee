import { describe, expect, it } from 'vitest'
import type { Case, CaseType } from '@/parts/cases/caseTypes'
import { draftOf, forgetDraft, missing, wantsReason, type Draft } from './verdict'

const TYPE = {
  reason_on_reject: true,
  required_checks: [
    { name: 'not_duplicate', evidence: 'duplicate', contradicted: 'reason' },
    { name: 'complete', evidence: 'incomplete', contradicted: 'refuse' },
  ],
} as CaseType

function found(duplicate: string[] = [], incomplete: string[] = [], asks: string[] = []): Case {
  return {
    evidence: { findings: { duplicate, incomplete } },
    asks: asks.map((name) => ({ name })),
  } as unknown as Case
}

function draft(changes: Partial<Draft> = {}): Draft {
  const passed = { not_duplicate: true, complete: true }
  return { checks: passed, answers: {}, reason: '', armed: '', request_id: '1', ...changes }
}

describe('what is missing for an approval', () => {
  it('is nothing when every test passed and nothing speaks against it', () => {
    expect(missing(found(), TYPE, draft(), 'VERDICT_APPROVE')).toBe('')
  })

  it('is a record of every test', () => {
    const half = draft({ checks: { complete: true } })
    expect(missing(found(), TYPE, half, 'VERDICT_APPROVE')).toBe('recordFirst')
  })

  it('cannot be made good where a test failed, or the system found it incomplete', () => {
    const failed = draft({ checks: { not_duplicate: true, complete: false } })
    expect(missing(found(), TYPE, failed, 'VERDICT_APPROVE')).toBe('someFailed')
    const wrong = found([], ['phones'])
    expect(missing(wrong, TYPE, draft({ reason: '已补' }), 'VERDICT_APPROVE')).toBe('contradicted')
  })

  it('is a reason where the system found a duplicate', () => {
    const alike = found(['成都蓝海科技有限公司'])
    expect(missing(alike, TYPE, draft({ reason: ' ' }), 'VERDICT_APPROVE')).toBe('giveReason')
    expect(missing(alike, TYPE, draft({ reason: '已核对执照' }), 'VERDICT_APPROVE')).toBe('')
    expect(wantsReason(found(), TYPE, 'VERDICT_APPROVE')).toBe(false)
  })

  it('is what the step asks for', () => {
    const asking = found([], [], ['winner_id'])
    expect(missing(asking, TYPE, draft(), 'VERDICT_APPROVE')).toBe('giveAnswers')
    const answered = draft({ answers: { winner_id: 'li' } })
    expect(missing(asking, TYPE, answered, 'VERDICT_APPROVE')).toBe('')
  })
})

describe('what is missing for a rejection', () => {
  it('is a test that failed, and the reason', () => {
    expect(missing(found(), TYPE, draft({ reason: '重复' }), 'VERDICT_REJECT')).toBe('allPassed')
    const failed = { checks: { not_duplicate: false, complete: true } }
    expect(missing(found(), TYPE, draft(failed), 'VERDICT_REJECT')).toBe('giveReason')
    const told = draft({ ...failed, reason: '重复' })
    expect(missing(found(), TYPE, told, 'VERDICT_REJECT')).toBe('')
  })

  it('is the reason alone where nothing is to be recorded', () => {
    const plain = { ...TYPE, required_checks: [] } as CaseType
    const told = draft({ checks: {}, reason: '不同意' })
    expect(missing(found(), plain, told, 'VERDICT_REJECT')).toBe('')
  })
})

it('a draft is kept while its reviewer looks at another case', () => {
  draftOf('a').reason = '缺电话'
  draftOf('b').reason = ''
  expect(draftOf('a').reason).toBe('缺电话')
  forgetDraft('a')
  expect(draftOf('a').reason).toBe('')
})
