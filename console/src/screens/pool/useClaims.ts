import { api, ask } from '@/api/client'
import { askConsent } from '@/parts/asking'
import { tellRefusal } from '@/parts/telling'
import { useApplication } from '@/parts/customer/useApplication'
import { NotDone, useBatch } from '@/parts/useBatch'
import { language, word, type Speak } from '@/texts'
import type { Position } from './columns'

/** Claim several customers, one after the other, with a result for each. */
export function useClaims(t: Speak, done: () => void) {
  const application = useApplication('claim')
  let reviewed = true

  async function submit(request_id: string, customer_id: string): Promise<unknown> {
    const params = { path: { customer_id } }
    const { customer } = await ask(api.GET('/v1/customers/{customer_id}', { params }))
    const missing = [...(customer?.incomplete_fields ?? [])]
    if (!customer?.form?.category) missing.unshift('category')
    if (missing.length) {
      const fields = [...new Set(missing)].map((field) => word('field', field))
      throw new NotDone(t('incomplete', { fields: fields.join(language() === 'zh' ? '、' : ', ') }))
    }
    const case_type = application.value?.case_type ?? ''
    return ask(api.POST('/v1/cases', { body: { case_type, customer_id, request_id } }))
  }

  const { state: batch, run } = useBatch<Position>(
    (request_id, { customer_id }) => {
      if (reviewed) return submit(request_id, customer_id)
      const params = { path: { customer_id } }
      return ask(api.POST('/v1/customers/{customer_id}:claim', { params, body: { request_id } }))
    },
    (row) => row.full_name,
  )

  async function claimAll(rows: Position[], clear: () => void): Promise<void> {
    const [first] = rows
    if (!first) return
    try {
      const params = { path: { customer_id: first.customer_id } }
      const preview = await ask(api.GET('/v1/customers/{customer_id}/claimPreview', { params }))
      reviewed = preview.review_required
      const figures = { count: rows.length, left: preview.quota?.left_count ?? 0 }
      const sure = t(reviewed ? 'batchReviewSure' : 'batchClaimSure', figures)
      if (!(await askConsent(t('batchClaim'), sure))) return
    } catch (failure) {
      tellRefusal(failure)
      return
    }
    await run(rows)
    clear()
    done()
  }

  return { batch, claimAll }
}
