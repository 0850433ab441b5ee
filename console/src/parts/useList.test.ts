import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { useList, type ListQuery } from './useList'

type Filters = { query: string; frozen: boolean }
type Asked = ListQuery<Filters>

async function show(address: string, answer?: (query: Asked) => Promise<string[]>) {
  const asked: Asked[] = []
  let list!: ReturnType<typeof useList<string, Filters>>
  const screen = defineComponent(() => {
    list = useList<string, Filters>({
      filters: { query: '', frozen: false },
      order: 'due_time',
      fetch: async (query) => {
        asked.push(query)
        const rows = answer ? await answer(query) : [`row ${asked.length}`]
        return { rows, next: `token ${asked.length}`, total: 41 }
      },
    })
    return () => h('p')
  })
  const router: Router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/list', component: screen }],
  })
  await router.push(address)
  mount({ template: '<router-view />' }, { global: { plugins: [router] } })
  await flushPromises()
  return { list, asked, router }
}

describe('a list', () => {
  it('asks what the address says', async () => {
    const { asked, list } = await show('/list?query=海信&frozen=true&order=name%20desc&size=50')
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      filters: { query: '海信', frozen: true },
      order_by: 'name desc',
      page_size: 50,
      page_token: '',
    })
    expect(list.total).toBe(41)
  })

  it('keeps changed filters in the address, beside what others keep there, and asks once', async () => {
    const { asked, list, router } = await show('/list?customer=c1')
    list.filters.query = '海信'
    list.apply()
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ customer: 'c1', query: '海信' })
    expect(asked).toHaveLength(2)
  })

  it('walks forward and back by the tokens of the server', async () => {
    const { asked, list } = await show('/list')
    list.forward()
    await flushPromises()
    list.forward()
    await flushPromises()
    list.back()
    await flushPromises()
    expect(asked.map((query) => query.page_token)).toEqual(['', 'token 1', 'token 2', 'token 1'])
    expect(list.page).toBe(2)
  })

  it('follows the address when it changes, from its first page', async () => {
    const { asked, list, router } = await show('/list')
    list.forward()
    await flushPromises()
    await router.push('/list?query=x')
    await flushPromises()
    expect(asked.at(-1)).toMatchObject({ page_token: '', filters: { query: 'x' } })
    expect(list.page).toBe(1)
  })

  it('shows the newest answer, whichever comes last', async () => {
    const waiting: ((rows: string[]) => void)[] = []
    const { list } = await show('/list', () => new Promise((resolve) => waiting.push(resolve)))
    list.filters.query = 'new'
    list.apply()
    await flushPromises()
    waiting[1]?.(['new'])
    waiting[0]?.(['old'])
    await flushPromises()
    expect(list.rows).toEqual(['new'])
  })

  it('keeps its rows and tells the failure', async () => {
    let fails = false
    const { list } = await show('/list', async () => {
      if (fails) throw new Error('away')
      return ['kept']
    })
    fails = true
    await list.reload()
    expect(list.rows).toEqual(['kept'])
    expect(list.error).toBeInstanceOf(Error)
  })

  it('shows a change at once, through a page read meanwhile, then as answered', async () => {
    const { list } = await show('/list', async () => ['open', 'other'])
    let answer!: (row: string) => void
    const answered = new Promise<string>((resolve) => (answer = resolve))
    const changed = list.change(
      (row) => row === 'open',
      () => 'closed',
      () => answered,
    )
    expect(list.rows).toEqual(['closed', 'other'])
    await list.reload()
    expect(list.rows).toEqual(['closed', 'other'])
    answer('closed at noon')
    await changed
    expect(list.rows).toEqual(['closed at noon', 'other'])
  })

  it('shows the row as it was when the change is refused', async () => {
    const { list } = await show('/list', async () => ['open', 'other'])
    const changed = list.change(
      (row) => row === 'open',
      () => null,
      () => Promise.reject(new Error('refused')),
    )
    expect(list.rows).toEqual(['other'])
    await expect(changed).rejects.toThrow('refused')
    expect(list.rows).toEqual(['open', 'other'])
  })

  it('gathers every page for an export, as filtered', async () => {
    const { list } = await show('/list', async (query) => [query.filters.query || 'all'])
    expect(await list.everything(3, () => undefined)).toHaveLength(3)
  })
})
