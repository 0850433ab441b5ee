import { expect, it } from 'vitest'
import { mondayOf, shifted } from './weeks'

it('begins a week on Monday, also that of a Sunday and of a new year', () => {
  expect(mondayOf('2026-11-22')).toBe('2026-11-16')
  expect(mondayOf('2026-11-23')).toBe('2026-11-23')
  expect(mondayOf('2027-01-01')).toBe('2026-12-28')
})

it('counts days over the end of a month', () => {
  expect(shifted('2026-11-28', 7)).toBe('2026-12-05')
  expect(shifted('2026-03-01', -1)).toBe('2026-02-28')
})
