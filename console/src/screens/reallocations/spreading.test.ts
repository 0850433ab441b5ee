import { describe, expect, it } from 'vitest'
import { item, spread } from './spreading'

describe('spread', () => {
  it('deals customers out in turn', () => {
    const dealt = spread(['a', 'b', 'c', 'd', 'e'], ['li', 'wang'])
    expect(dealt).toEqual({ a: 'li', b: 'wang', c: 'li', d: 'wang', e: 'li' })
  })

  it('gives nothing to nobody', () => {
    expect(spread(['a'], [])).toEqual({})
  })
})

it('a place is no person', () => {
  expect(item('a', 'LOCATION_PUBLIC_POOL')).toEqual({
    customer_id: 'a',
    to_location: 'LOCATION_PUBLIC_POOL',
  })
  expect(item('a', 'li')).toEqual({ customer_id: 'a', to_staff_id: 'li' })
})
