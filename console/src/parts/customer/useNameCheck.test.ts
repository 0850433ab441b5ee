import { describe, expect, it } from 'vitest'
import { asked } from './useNameCheck'

describe('what a duplicate check asks for', () => {
  it('is what is filled in, trimmed, and nothing that says not who it is', () => {
    const form = {
      full_name: ' 成都蓝海科技有限公司 ',
      category: 'intended',
      contact: ' ',
      phones: ['', ' 13900139000 '],
      unified_credit_code: '91510100MA61U7JQ48',
      business_address: '',
    }
    expect(asked(form)).toEqual({
      full_name: '成都蓝海科技有限公司',
      phones: ['13900139000'],
      unified_credit_code: '91510100MA61U7JQ48',
    })
    expect(asked({ phones: [''] })).toEqual({})
  })
})
