import { expect, it } from 'vitest'
import { formOf, mapped, readText } from './sheet'

it('columns are found by their Chinese or English heads, each field once', () => {
  expect(mapped(['企业全称', ' Phones ', '备注', '公司名称', 'HR 负责人*'])).toEqual([
    'full_name',
    'phones',
    '',
    '',
    'hr_lead',
  ])
})

it('a row becomes a form: telephones parted, words as the API says them, empty cells left out', () => {
  const row = ['甲有限公司', '010-12345678；13800138000', '意向客户', ' ']
  const fields = ['full_name', 'phones', 'category', 'contact'] as const
  expect(formOf(row, [...fields], { 意向客户: 'intended' })).toEqual({
    full_name: '甲有限公司',
    phones: ['010-12345678', '13800138000'],
    category: 'intended',
  })
})

it('what is pasted from a spreadsheet has tabs; a cell may hold a comma', async () => {
  expect(await readText('企业全称\t客户电话\n甲有限公司\t010-1, 010-2\n\n')).toEqual({
    head: ['企业全称', '客户电话'],
    rows: [['甲有限公司', '010-1, 010-2']],
  })
})
