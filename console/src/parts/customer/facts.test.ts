import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/client'
import { historyOf } from './facts'

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
