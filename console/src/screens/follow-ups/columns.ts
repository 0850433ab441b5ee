import type { Message } from '@/api/client'
import type { Column } from '@/parts/table'
import { minute } from '@/parts/time'
import { said, word } from '@/texts'

export type FollowUp = Message<'activity.v1.FollowUp'>

/** Why a follow-up does not count, or what is to be looked at, in one line. */
export function remarksOn(row: FollowUp): string {
  return [...row.reasons, ...row.flags].map((finding) => said(finding)).join(' ')
}

export const columns: Column<FollowUp>[] = [
  {
    key: 'recorded',
    title: { zh: '录入时间', en: 'Recorded' },
    text: (row) => minute(row.record_time),
    order: 'record_time',
    width: 145,
    fixed: true,
  },
  {
    key: 'customer',
    title: { zh: '客户名称', en: 'Customer' },
    text: (row) => row.full_name || row.customer_id,
    width: 210,
  },
  {
    key: 'author',
    title: { zh: '跟进人', en: 'Author' },
    text: (row) => row.author_name || row.author_id,
    width: 120,
  },
  {
    key: 'kind',
    title: { zh: '方式', en: 'Kind' },
    text: (row) => word('followUpKind', row.kind),
    width: 76,
  },
  {
    key: 'title',
    title: { zh: '标题', en: 'Title' },
    text: (row) => row.title,
    width: 120,
  },
  {
    key: 'content',
    title: { zh: '内容', en: 'Content' },
    text: (row) => row.content,
    width: 210,
  },
  {
    key: 'valid',
    title: { zh: '有效性', en: 'Validity' },
    text: (row) =>
      row.valid ? said({ zh: '有效', en: 'valid' }) : said({ zh: '无效', en: 'not valid' }),
    width: 130,
  },
  {
    key: 'files',
    title: { zh: '附件', en: 'Files' },
    text: (row) => row.attachments.length || '',
    width: 70,
  },
  {
    key: 'happened',
    title: { zh: '发生时间', en: 'Happened' },
    text: (row) => minute(row.happen_time),
    width: 145,
    optional: true,
  },
  {
    key: 'team',
    title: { zh: '部门 · 组', en: 'Department · team' },
    text: (row) => [row.author_department, row.author_team].filter(Boolean).join(' · '),
    width: 130,
    optional: true,
  },
  {
    key: 'reasons',
    title: { zh: '无效原因与疑点', en: 'Why not, what to look at' },
    text: remarksOn,
    width: 240,
    optional: true,
  },
]
