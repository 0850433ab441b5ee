import { expect, it } from 'vitest'
import { namesOf } from './useChecks'

it('reads pasted names: a line or a cell each, once, without blanks', () => {
  expect(namesOf(' 甲公司 \r\n\n乙公司\t甲公司\n丙公司')).toEqual(['甲公司', '乙公司', '丙公司'])
})
