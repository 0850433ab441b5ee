import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/client'
import { historyOf, namesOf } from './facts'

function fact(fact_id: string, field: string, values: string[], supersedes_id = '') {
  const rest = { reason: 'r', author_id: 'li', record_time: '2026-03-02T01:00:00Z' }
  return { fact_id, field, values, supersedes_id, ...rest } as Message<'customers.v1.CustomerFact'>
}

describe('the history of facts', () => {
  const history = historyOf([
    fact('1', 'hr_lead', ['代春燕']),
    fact('2', 'phones', ['028-85123456']),
    fact('3', 'hr_lead', ['李红'], '1'),
    fact('4', 'hr_lead', [], '3'),
  ])

  it('has the newest change of each field first, with what it replaced', () => {
    const changes = history.get('hr_lead')?.map(({ before, after }) => [before, after])
    expect(changes).toEqual([
      [['李红'], []],
      [['代春燕'], ['李红']],
      [null, ['代春燕']],
    ])
  })

  it('keeps fields apart', () => {
    expect([...history.keys()]).toEqual(['hr_lead', 'phones'])
    expect(history.get('phones')).toHaveLength(1)
  })
})

describe('the other names of a customer', () => {
  it('are parted as the facts tell them', () => {
    const names = namesOf([
      { name: '悠然居', kind: 'NAME_KIND_SHORT' },
      { name: '成都川味小院饮食有限公司', kind: 'NAME_KIND_FORMER' },
      { name: '悠然', kind: 'NAME_KIND_SHORT' },
    ])
    expect(names.get('short_names')).toEqual(['悠然居', '悠然'])
    expect(names.get('former_names')).toEqual(['成都川味小院饮食有限公司'])
  })
})
