import { describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import { useSuggestions } from './useSuggestions'

type Answer = { rows: string[]; more: boolean }

function typing() {
  const asked: { query: string; signal: AbortSignal; answer: (found: Answer | Error) => void }[] =
    []
  const fetch = (query: string, signal: AbortSignal) =>
    new Promise<Answer>((resolve, reject) => {
      const answer = (found: Answer | Error) =>
        found instanceof Error ? reject(found) : resolve(found)
      asked.push({ query, signal, answer })
    })
  const scope = effectScope()
  const box = scope.run(() => useSuggestions<string>(fetch))
  if (!box) throw new Error('the scope does not run')
  return { asked, scope, ...box }
}

describe('suggestions', () => {
  it('are what the server finds for the text', async () => {
    const { asked, found, state, search } = typing()
    const done = search(' 蓝海 ')
    expect(state).toMatchObject({ typed: '蓝海', busy: true })
    asked[0]?.answer({ rows: ['成都蓝海科技有限公司'], more: true })
    await done
    expect(asked.map(({ query }) => query)).toEqual(['蓝海'])
    expect(found.value).toEqual(['成都蓝海科技有限公司'])
    expect(state).toMatchObject({ busy: false, more: true, failed: null })
  })

  it('are those of the latest text, in whatever order the answers come', async () => {
    const { asked, found, state, search } = typing()
    const first = search('l')
    const second = search('lh')
    expect(asked[0]?.signal.aborted).toBe(true)
    asked[1]?.answer({ rows: ['new'], more: false })
    await second
    asked[0]?.answer({ rows: ['old'], more: true })
    await first
    expect(found.value).toEqual(['new'])
    expect(state).toMatchObject({ typed: 'lh', busy: false, more: false })
  })

  it('are none without a text, and nothing is asked', async () => {
    const { asked, found, search } = typing()
    const first = search('蓝')
    asked[0]?.answer({ rows: ['one'], more: false })
    await first
    await search('  ')
    expect(found.value).toEqual([])
    expect(asked).toHaveLength(1)
  })

  it('stay when the server fails, and the failure is told', async () => {
    const { asked, found, state, search } = typing()
    const first = search('蓝')
    asked[0]?.answer({ rows: ['one'], more: false })
    await first
    const second = search('蓝海')
    asked[1]?.answer(new Error('away'))
    await second
    expect(found.value).toEqual(['one'])
    expect(state.failed).toEqual(new Error('away'))
    expect(state.busy).toBe(false)
  })

  it('are no longer asked for when the box is gone', () => {
    const { asked, scope, search } = typing()
    void search('蓝')
    scope.stop()
    expect(asked[0]?.signal.aborted).toBe(true)
  })
})
