import type { Message, Schemas } from '@/api/client'
import { may, reach } from '@/api/permissions'
import type { Column } from '@/parts/table'
import { lastDay, minute } from '@/parts/time'
import { word } from '@/texts'

export type Holding = Message<'ownership.v1.Holding'>
export type Scope = Schemas['ownership.v1.HoldingScope']

/** Which holdings are shown, apart from whose: everything as long as nothing is chosen. */
export const NO_FILTERS = { query: '', category: '', holder: '', due: '', state: '' }

const WIDER: Record<Schemas['operations.v1.PermissionScope'], Scope[]> = {
  PERMISSION_SCOPE_UNSPECIFIED: [],
  PERMISSION_SCOPE_TEAM: ['HOLDING_SCOPE_TEAM'],
  PERMISSION_SCOPE_DEPARTMENT: ['HOLDING_SCOPE_TEAM', 'HOLDING_SCOPE_DEPARTMENT'],
  PERMISSION_SCOPE_COMPANY: [
    'HOLDING_SCOPE_TEAM',
    'HOLDING_SCOPE_DEPARTMENT',
    'HOLDING_SCOPE_COMPANY',
  ],
}

/** Whose libraries the reader may look into, the narrowest first. */
export function scopes(): Scope[] {
  const own: Scope[] = may('ownership.claim.permission') ? ['HOLDING_SCOPE_MINE'] : []
  return [...own, ...WIDER[reach('ownership.library.readers') ?? 'PERMISSION_SCOPE_UNSPECIFIED']]
}

/** Where the reader begins: with the own library, else as far as may be. */
export function firstScope(): Scope {
  const all = scopes()
  return all.includes('HOLDING_SCOPE_MINE')
    ? 'HOLDING_SCOPE_MINE'
    : (all.at(-1) ?? 'HOLDING_SCOPE_MINE')
}

/** What is special about a holding, as words of this screen. */
export function statesOf({ position }: Holding): ('frozen' | 'in_case' | 'exempt')[] {
  if (!position) return []
  const all = {
    frozen: position.frozen,
    in_case: position.in_case,
    exempt: position.reclaim_exempt,
  }
  return (['frozen', 'in_case', 'exempt'] as const).filter((state) => all[state])
}

export const columns: Column<Holding>[] = [
  {
    key: 'name',
    title: { zh: '客户名称', en: 'Customer' },
    text: ({ position }) => position?.full_name ?? '',
    order: 'HOLDING_ORDER_NAME',
    width: 240,
    fixed: true,
  },
  {
    key: 'category',
    title: { zh: '类别', en: 'Category' },
    text: ({ position }) => word('category', position?.category ?? ''),
    width: 100,
  },
  {
    key: 'holder',
    title: { zh: '负责人', en: 'Holder' },
    text: ({ holder }) => holder?.display_name ?? '',
    width: 120,
  },
  {
    key: 'due',
    title: { zh: '剩余归属', en: 'Days left' },
    text: ({ position }) => (position?.due_time ? lastDay(position.due_time) : ''),
    order: 'HOLDING_ORDER_DUE_TIME',
    width: 170,
  },
  {
    key: 'followed',
    title: { zh: '最近有效跟进', en: 'Last valid follow-up' },
    text: ({ last_follow_up_time }) => minute(last_follow_up_time),
    order: 'HOLDING_ORDER_BASIS_TIME',
    width: 150,
  },
  {
    key: 'protected',
    title: { zh: '保护时间', en: 'Protected since' },
    text: ({ position }) => minute(position?.protect_time),
    order: 'HOLDING_ORDER_PROTECT_TIME',
    width: 150,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'State' },
    text: (row) => statesOf(row).join(' '),
    width: 120,
  },
  {
    key: 'department',
    title: { zh: '部门', en: 'Department' },
    text: ({ holder }) => [holder?.department, holder?.team].filter(Boolean).join(' · '),
    optional: true,
  },
  {
    key: 'releasers',
    title: { zh: '放弃人数', en: 'Given up by' },
    text: ({ position }) => position?.releaser_count ?? 0,
    width: 100,
    number: true,
    optional: true,
  },
]
