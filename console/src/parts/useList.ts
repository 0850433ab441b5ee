import { useDebounceFn } from '@vueuse/core'
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { onChange } from '@/api/live'

export type FilterValue = string | number | boolean | string[]
export type Filters = Record<string, FilterValue>

/** What is asked of the server: a page, an order, the filters. */
export interface ListQuery<F extends Filters> {
  page_size: number
  page_token: string
  order_by: string
  filters: F
  signal: AbortSignal
}

export interface ListPage<Row> {
  rows: Row[]
  next: string
  total?: number
  capped?: boolean
}

export interface ListOptions<Row, F extends Filters> {
  fetch: (query: ListQuery<F>) => Promise<ListPage<Row>>
  /** The filters with their defaults. What differs is kept in the address. */
  filters: F
  /** The order to begin with, in the words of the API; empty where it offers none. */
  order?: string
  sizes?: number[]
  /** Hints of these topics reload the page that is shown. */
  topics?: string[]
  /** Before the names in the address, when a screen has several lists. */
  prefix?: string
}

/** How a row is shown until the server has answered the command that changes it. */
interface Expected<Row> {
  same: (row: Row) => boolean
  as: (row: Row) => Row | null
}

function shownAs<Row>(rows: Row[], { same, as }: Expected<Row>): Row[] {
  return rows.flatMap((row) => (same(row) ? (as(row) ?? []) : row)) as Row[]
}

/**
 * A list that the server pages, sorts and filters. Filters, order and size live in the address, so
 * that a link or the back button shows the same list. Only the newest answer is shown.
 */
export function useList<Row, F extends Filters>(options: ListOptions<Row, F>) {
  const route = useRoute()
  const router = useRouter()
  const prefix = options.prefix ?? ''
  const sizes = options.sizes ?? [20, 50, 100]
  const own = [...Object.keys(options.filters), 'order', 'size'].map((name) => prefix + name)

  const filters = reactive({ ...options.filters }) as F
  const order = ref(options.order ?? '')
  const size = ref(sizes[0] ?? 20)
  const tokens = ref<string[]>([''])
  const read = shallowRef<Row[]>([])
  const awaited = shallowRef<Expected<Row>[]>([])
  const rows = computed(() => awaited.value.reduce(shownAs, read.value))
  const next = ref('')
  const total = ref<number>()
  const capped = ref(false)
  const loading = ref(false)
  const error = shallowRef<unknown>(null)
  let asked: AbortController | null = null

  function readAddress(query: LocationQuery): void {
    for (const [name, usual] of Object.entries(options.filters)) {
      const raw = query[prefix + name]
      Object.assign(filters, { [name]: raw === undefined ? usual : parse(raw, usual) })
    }
    order.value = String(query[`${prefix}order`] ?? options.order ?? '')
    const wanted = Number(query[`${prefix}size`])
    size.value = sizes.includes(wanted) ? wanted : (sizes[0] ?? 20)
  }

  function address(): LocationQuery {
    const kept = Object.entries(route.query).filter(([name]) => !own.includes(name))
    const changed = Object.entries(filters)
      .filter(([name, value]) => String(value) !== String(options.filters[name]))
      .map(([name, value]) => [prefix + name, Array.isArray(value) ? value : String(value)])
    const query = Object.fromEntries([...kept, ...changed]) as LocationQuery
    if (order.value !== (options.order ?? '')) query[`${prefix}order`] = order.value
    if (size.value !== sizes[0]) query[`${prefix}size`] = String(size.value)
    return query
  }

  async function load(): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    loading.value = true
    try {
      const page = await options.fetch({
        page_size: size.value,
        page_token: tokens.value.at(-1) ?? '',
        order_by: order.value,
        filters: { ...filters },
        signal: mine.signal,
      })
      if (mine !== asked) return
      read.value = page.rows
      next.value = page.next
      total.value = page.total
      capped.value = page.capped ?? false
      error.value = null
    } catch (failure) {
      if (mine === asked) error.value = failure
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  function restart(): void {
    tokens.value = ['']
    void load()
  }

  /** Keep filters, order and size in the address and show the first page. */
  function apply(): void {
    void router.replace({ query: address() })
    restart()
  }

  function forward(): void {
    tokens.value = [...tokens.value, next.value]
    void load()
  }

  function back(): void {
    tokens.value = tokens.value.slice(0, -1)
    void load()
  }

  /** Show a row as the server has just answered it, then ask for the page again. */
  function replaceRow(same: (row: Row) => boolean, answered: Row | null): void {
    read.value = shownAs(read.value, { same, as: () => answered })
    void load()
  }

  /**
   * Show at once what a command will make of a row (null: it leaves the list), also in pages that
   * are read meanwhile; then what the server answers, where it answers the row. When the command
   * fails the row is back as it was, and the failure is thrown.
   */
  async function change(
    same: (row: Row) => boolean,
    as: (row: Row) => Row | null,
    command: () => Promise<Row | undefined>,
  ): Promise<void> {
    const expected = { same, as }
    awaited.value = [...awaited.value, expected]
    try {
      const answered = await command()
      read.value = shownAs(read.value, answered ? { same, as: () => answered } : expected)
    } finally {
      awaited.value = awaited.value.filter((one) => one !== expected)
      void load()
    }
  }

  /** Every row of the list as filtered, page after page, for exports. At most `most`. */
  async function everything(most: number, progress: (rows: number) => void): Promise<Row[]> {
    const found: Row[] = []
    const signal = new AbortController().signal
    let token = ''
    do {
      const query = { page_size: 200, page_token: token, order_by: order.value, signal }
      const page = await options.fetch({ ...query, filters: { ...filters } })
      found.push(...page.rows)
      progress(found.length)
      token = page.next
    } while (token && found.length < most)
    return found.slice(0, most)
  }

  readAddress(route.query)
  const path = route.path
  const signature = (query: LocationQuery) =>
    own.map((name) => String(query[name] ?? '')).join('\n')
  watch(
    () => signature(route.query),
    (shown) => {
      if (route.path !== path || shown === signature(address())) return
      readAddress(route.query)
      restart()
    },
  )
  if (options.topics) onChange(options.topics, useDebounceFn(load, 500, { maxWait: 3000 }))
  onScopeDispose(() => asked?.abort())
  void load()

  return reactive({
    rows,
    filters,
    order,
    size,
    sizes,
    total,
    capped,
    loading,
    error,
    page: computed(() => tokens.value.length),
    hasNext: computed(() => next.value !== ''),
    filtered: computed(() =>
      Object.keys(options.filters).some(
        (name) => String(filters[name]) !== String(options.filters[name]),
      ),
    ),
    apply,
    sortBy: (wanted: string) => {
      order.value = wanted
      apply()
    },
    resize: (wanted: number) => {
      size.value = wanted
      apply()
    },
    reset: () => {
      Object.assign(filters, options.filters)
      apply()
    },
    forward,
    back,
    reload: load,
    replaceRow,
    change,
    everything,
  })
}

function parse(raw: LocationQuery[string], usual: FilterValue): FilterValue {
  const values = (Array.isArray(raw) ? raw : [raw]).map((value) => value ?? '')
  if (Array.isArray(usual)) return values
  const value = values[0] ?? ''
  if (typeof usual === 'number') return Number(value) || usual
  if (typeof usual === 'boolean') return value === 'true'
  return value
}
