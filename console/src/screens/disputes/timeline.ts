import type { Message } from '@/api/client'
import { minute } from '@/parts/time'

export type Dispute = Message<'ownership.v1.Dispute'>

interface Quoted {
  follow_up_id: string
  record_time: string
  title: string
}

/** What the service gathered, as `gathering` in ownership keeps it. */
export interface Evidence {
  signing?: {
    signing_id: string
    staff_id: string
    sign_date: string
    amount_cents: number | string
  }
  follow_ups?: {
    staff_id: string
    first_valid?: Quoted
    last_valid?: Quoted
    valid_count: number
    invalid_count: number
  }[]
  records?: {
    customer_id: string
    full_name: string
    category: string
    location: string
    holder_id: string
    protect_time: string
    enter_time: string
  }[]
  former?: { outcome: string; winner_id: string; ruler_id: string; rule_time: string }
}

export type What =
  | 'entered'
  | 'protected'
  | 'firstFollowUp'
  | 'lastFollowUp'
  | 'onlyFollowUp'
  | 'signed'
  | 'formerRuling'
  | 'opened'
  | 'ruled'
  | 'dropped'

/** Something that happened, with the day or the minute at which it did. */
export interface Happened {
  at: string
  what: What
  staff_id: string
  customer_id?: string
  customer_name?: string
  follow_up_id?: string
  title?: string
  amount_cents?: number | string
}

export function evidenceOf(dispute: Dispute): Evidence {
  return (dispute.evidence ?? {}) as Evidence
}

/** What is known of a dispute in the order in which it happened. */
export function timeline(dispute: Dispute): Happened[] {
  const found = evidenceOf(dispute)
  const all: Happened[] = []
  for (const record of found.records ?? []) {
    const of = { customer_id: record.customer_id, customer_name: record.full_name }
    all.push({ at: minute(record.enter_time), what: 'entered', staff_id: '', ...of })
    if (record.protect_time && record.holder_id) {
      const at = minute(record.protect_time)
      all.push({ at, what: 'protected', staff_id: record.holder_id, ...of })
    }
  }
  for (const { staff_id, first_valid, last_valid } of found.follow_ups ?? []) {
    const only = first_valid?.follow_up_id === last_valid?.follow_up_id
    if (first_valid && !only) all.push(quoted('firstFollowUp', staff_id, first_valid))
    if (last_valid) all.push(quoted(only ? 'onlyFollowUp' : 'lastFollowUp', staff_id, last_valid))
  }
  if (found.signing) {
    const { sign_date, staff_id, amount_cents } = found.signing
    all.push({ at: sign_date, what: 'signed', staff_id, amount_cents })
  }
  if (found.former) {
    const { rule_time, ruler_id } = found.former
    all.push({ at: minute(rule_time), what: 'formerRuling', staff_id: ruler_id })
  }
  all.push({ at: minute(dispute.open_time), what: 'opened', staff_id: dispute.claimant_id })
  if (dispute.ruling) {
    const { rule_time, ruler_id } = dispute.ruling
    all.push({ at: minute(rule_time), what: 'ruled', staff_id: ruler_id })
  }
  if (dispute.state === 'DISPUTE_STATE_DROPPED') {
    all.push({ at: minute(dispute.update_time), what: 'dropped', staff_id: '' })
  }
  return all.sort((left, right) => left.at.localeCompare(right.at))
}

function quoted(what: What, staff_id: string, of: Quoted): Happened {
  const { follow_up_id, title } = of
  return { at: minute(of.record_time), what, staff_id, follow_up_id, title }
}
