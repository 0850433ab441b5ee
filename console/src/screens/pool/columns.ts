import type { Message } from '@/api/client'
import type { Column } from '@/parts/table'
import { minute } from '@/parts/time'
import { said, word } from '@/texts'

export type Position = Message<'ownership.v1.Position'>

export const columns: Column<Position>[] = [
  {
    key: 'name',
    title: { zh: '客户名称', en: 'Customer' },
    text: (row) => row.full_name,
    order: 'PLACE_ORDER_NAME',
    width: 240,
    fixed: true,
  },
  {
    key: 'category',
    title: { zh: '类别', en: 'Category' },
    text: (row) => word('category', row.category),
    width: 110,
  },
  {
    key: 'manner',
    title: { zh: '来源', en: 'Came by' },
    text: (row) => word('manner', row.arrive_manner),
    width: 110,
  },
  {
    key: 'previous',
    title: { zh: '前归属人', en: 'Former holder' },
    text: (row) => row.previous_holder?.display_name ?? '',
    width: 120,
  },
  {
    key: 'arrived',
    title: { zh: '进入公海时间', en: 'In the pool since' },
    text: (row) => minute(row.arrive_time),
    order: 'PLACE_ORDER_ARRIVE_TIME',
    width: 160,
  },
  {
    key: 'releasers',
    title: { zh: '放弃人数', en: 'Given up by' },
    text: (row) => row.releaser_count,
    width: 100,
    number: true,
  },
  {
    key: 'claimable',
    title: { zh: '能否领取', en: 'Can I claim it' },
    text: (row) => said(row.claim_hindrance),
    width: 240,
  },
]
