import { describe, expect, it } from 'vitest'
import { mergeNewest } from './merging'

function paged(times: number[], size: number) {
  return async (token: string) => {
    const from = Number(token || 0)
    const next = from + size < times.length ? String(from + size) : ''
    return { rows: times.slice(from, from + size).map(String), next }
  }
}

async function everything(...lists: { times: number[]; size: number }[]) {
  const merged = mergeNewest(
    lists.map(({ times, size }) => paged(times, size)),
    (time) => time,
  )
  const { signal } = new AbortController()
  const found: string[] = []
  let token = ''
  let pages = 0
  do {
    const page = await merged(token, signal)
    found.push(...page.rows)
    token = page.next
    pages += 1
  } while (token && pages < 100)
  return found.map(Number)
}

describe('lists merged by time', () => {
  it('hold every row once, the newest first, however the pages fall', async () => {
    const left = { times: [98, 97, 60, 59, 58, 20], size: 2 }
    const right = { times: [99, 61, 57, 19, 18], size: 3 }
    const sorted = [...left.times, ...right.times].sort((one, other) => other - one)
    expect(await everything(left, right)).toEqual(sorted)
    expect(await everything(right, left, { times: [], size: 5 })).toEqual(sorted)
  })

  it('are empty when all are', async () => {
    expect(await everything({ times: [], size: 2 })).toEqual([])
  })

  it('begin anew with an empty token', async () => {
    const merged = mergeNewest([paged([3, 2, 1], 1)], (time) => time)
    const { signal } = new AbortController()
    expect((await merged('', signal)).rows).toEqual(['3'])
    expect((await merged('', signal)).rows).toEqual(['3'])
  })
})
