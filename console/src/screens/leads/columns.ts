import type { Message } from '@/api/client'
import type { Column } from '@/parts/table'
import { minute } from '@/parts/time'
import { word } from '@/texts'

export type Lead = Message<'ownership.v1.Lead'>
/** A lead with the people whom it names. */
export interface Row extends Lead {
  names: Map<string, string>
}

/** Who was passed over and why, in one line. */
export function skippedOf(row: Row): string {
  return row.skipped
    .map(
      ({ staff_id, reason }) =>
        `${row.names.get(staff_id) ?? staff_id}: ${word('dutyReason', reason)}`,
    )
    .join('; ')
}

export const columns: Column<Row>[] = [
  {
    key: 'time',
    title: { zh: '登记时间', en: 'Entered' },
    text: (row) => minute(row.route_time),
    order: 'route_time',
    width: 145,
    fixed: true,
  },
  {
    key: 'kind',
    title: { zh: '类型', en: 'Kind' },
    text: (row) => word('leadKind', row.kind),
    width: 76,
  },
  {
    key: 'company',
    title: { zh: '来电单位', en: 'Company' },
    text: (row) => row.full_name,
    width: 220,
  },
  {
    key: 'contact',
    title: { zh: '联系人', en: 'Contact' },
    text: (row) => row.contact,
    width: 90,
  },
  { key: 'phone', title: { zh: '电话', en: 'Telephone' }, text: (row) => row.phone, width: 125 },
  {
    key: 'route',
    title: { zh: '去向', en: 'Route' },
    text: (row) => word('leadRoute', row.route),
    width: 125,
  },
  {
    key: 'receiver',
    title: { zh: '接收人', en: 'Given to' },
    text: (row) => row.names.get(row.staff_id) ?? row.staff_id,
    width: 120,
  },
  {
    key: 'skipped',
    title: { zh: '跳过', en: 'Passed over' },
    text: skippedOf,
    width: 95,
  },
  {
    key: 'note',
    title: { zh: '事由', en: 'About' },
    text: (row) => row.note,
    width: 160,
    optional: true,
  },
  {
    key: 'router',
    title: { zh: '登记人', en: 'Entered by' },
    text: (row) => row.names.get(row.router_id) ?? row.router_id,
    width: 110,
    optional: true,
  },
]
