import { findingsOf, takenBy, type Case } from '@/parts/cases/caseTypes'
import { texts as caseTexts } from '@/parts/cases/texts'
import type { Column } from '@/parts/table'
import { dueMinute, minute } from '@/parts/time'
import { colleague } from '@/api/names'
import { language, word } from '@/texts'
import type { View } from './views'

function named(id: string): string {
  return id ? (colleague(id)?.display_name ?? id) : ''
}

/** The columns of a view: what a queue needs to be worked off, what others need to be looked up. */
export function columnsFor(view: View, titleOf: (name: string) => string): Column<Case>[] {
  const queue = view === 'CASE_VIEW_QUEUE'
  const all: (Column<Case> & { in?: View[] })[] = [
    {
      key: 'number',
      title: { zh: '编号', en: 'Number' },
      text: (row) => row.case_id.slice(0, 8).toUpperCase(),
      width: 104,
      fixed: true,
    },
    {
      key: 'subject',
      title: { zh: '对象', en: 'Subject' },
      text: (row) => row.full_name,
      width: 190,
    },
    {
      key: 'type',
      title: { zh: '类型', en: 'Type' },
      text: (row) => titleOf(row.case_type),
      width: 112,
    },
    {
      key: 'applicant',
      title: { zh: '发起人', en: 'Applicant' },
      text: (row) => row.applicant_name,
      width: 96,
      in: ['CASE_VIEW_QUEUE', 'CASE_VIEW_DECIDED', 'CASE_VIEW_ALL'],
    },
    {
      key: 'submitted',
      title: { zh: '提交时间', en: 'Submitted' },
      text: (row) => minute(row.submit_time),
      order: 'submit_time',
      width: 150,
    },
    {
      key: 'due',
      title: { zh: '时限', en: 'Deadline' },
      text: (row) => dueMinute(row.due_time),
      order: 'due_time',
      width: 184,
    },
    {
      key: 'found',
      title: { zh: '系统发现', en: 'Found' },
      text: (row) => Object.values(findingsOf(row)).flat().join(' '),
      width: 120,
      in: ['CASE_VIEW_QUEUE', 'CASE_VIEW_DECIDED', 'CASE_VIEW_ALL'],
      optional: !queue,
    },
    {
      key: 'state',
      title: { zh: '状态', en: 'State' },
      text: (row) => caseTexts[language()].state[row.state],
      width: 112,
      in: ['CASE_VIEW_DECIDED', 'CASE_VIEW_MINE', 'CASE_VIEW_ALL'],
    },
    {
      key: 'role',
      title: { zh: '当前环节', en: 'Step' },
      text: (row) => (row.state === 'CASE_STATE_OPEN' ? word('role', row.role) : ''),
      width: 100,
      optional: queue || view === 'CASE_VIEW_DECIDED',
    },
    {
      key: 'taken',
      title: { zh: '领取人', en: 'Taken by' },
      text: (row) => named(takenBy(row)),
      width: 96,
      in: ['CASE_VIEW_QUEUE', 'CASE_VIEW_ALL'],
      optional: !queue,
    },
    {
      key: 'decided',
      title: { zh: '审核人', en: 'Decided by' },
      text: (row) => named(row.decisions.at(-1)?.reviewer_id ?? ''),
      width: 96,
      in: ['CASE_VIEW_DECIDED', 'CASE_VIEW_MINE', 'CASE_VIEW_ALL'],
      optional: view !== 'CASE_VIEW_ALL',
    },
    {
      key: 'reason',
      title: { zh: '理由', en: 'Reason' },
      text: (row) => row.reason || (row.decisions.at(-1)?.reason ?? ''),
      width: 140,
      in: ['CASE_VIEW_DECIDED', 'CASE_VIEW_MINE', 'CASE_VIEW_ALL'],
    },
    {
      key: 'updated',
      title: { zh: '更新时间', en: 'Changed' },
      text: (row) => minute(row.update_time),
      order: 'update_time',
      width: 150,
      optional: view !== 'CASE_VIEW_DECIDED',
    },
    {
      key: 'remarks',
      title: { zh: '备注', en: 'Remarks' },
      text: (row) => row.remarks,
      width: 160,
      optional: true,
    },
  ]
  return all.filter((column) => !column.in || column.in.includes(view))
}
