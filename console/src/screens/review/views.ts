import { api, ask, type Schemas } from '@/api/client'
import type { Case } from '@/parts/cases/caseTypes'
import { useList } from '@/parts/useList'

export const VIEWS = [
  'CASE_VIEW_QUEUE',
  'CASE_VIEW_DECIDED',
  'CASE_VIEW_MINE',
  'CASE_VIEW_ALL',
] as const
export type View = (typeof VIEWS)[number]

type Order = Schemas['review.v1.CaseOrder']
type State = Schemas['review.v1.CaseState']
const ORDERS: Record<string, Order> = {
  submit_time: 'CASE_ORDER_SUBMIT_TIME',
  due_time: 'CASE_ORDER_DUE_TIME',
  update_time: 'CASE_ORDER_UPDATE_TIME',
}
/** What waits is shown by its deadline, the rest from the newest change. */
const USUAL: Record<View, string> = {
  CASE_VIEW_QUEUE: 'due_time',
  CASE_VIEW_DECIDED: 'update_time desc',
  CASE_VIEW_MINE: 'submit_time desc',
  CASE_VIEW_ALL: 'submit_time desc',
}

/** The cases of a view, as the server pages, filters and orders them. */
export function useCases(view: View) {
  return useList<Case, ReturnType<typeof filters>>({
    filters: filters(),
    order: USUAL[view],
    sizes: [50, 20, 100, 200],
    topics: ['cases'],
    fetch: async ({ page_size, page_token, order_by, filters: wanted, signal }) => {
      const [by = '', direction] = order_by.split(' ')
      const query = {
        ...wanted,
        state: (wanted.state || undefined) as State | undefined,
        view,
        page_size,
        page_token,
        order: ORDERS[by],
        descending: direction === 'desc',
      }
      const answer = await ask(api.GET('/v1/cases', { params: { query }, signal }))
      return {
        rows: answer.cases,
        next: answer.next_page_token,
        total: answer.total_size,
        capped: answer.total_size_capped,
      }
    },
  })
}

function filters() {
  return {
    case_type: '',
    state: '',
    query: '',
    overdue: false,
    needs_attention: false,
  }
}

export type CaseList = ReturnType<typeof useCases>
