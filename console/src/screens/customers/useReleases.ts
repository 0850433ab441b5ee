import { api, ask } from '@/api/client'
import { askConsent } from '@/parts/asking'
import { useCaseTypes } from '@/parts/cases/caseTypes'
import { NotDone, useBatch } from '@/parts/useBatch'
import { said, type Speak } from '@/texts'
import type { Holding } from './holdings'

/** Ask for the release of several customers, one after the other, with a result for each. */
export function useReleases(t: Speak, done: () => void) {
  const { types } = useCaseTypes()

  const { state: batch, run } = useBatch<Holding>(
    async (request_id, row) => {
      const params = { path: { customer_id: row.position?.customer_id ?? '' } }
      const { release_mark } = await ask(api.GET('/v1/customers/{customer_id}', { params }))
      if (!release_mark) throw new NotDone(t('notYours'))
      const body = { mnemonic: release_mark, request_id }
      return ask(api.POST('/v1/customers/{customer_id}:setMnemonic', { params, body }))
    },
    (row) => row.position?.full_name ?? '',
  )

  async function release(rows: Holding[], clear: () => void): Promise<void> {
    const steps = types.value
      .filter(({ flow }) => flow === 'release')
      .flatMap((type) => type.steps)
      .map((step) => t('releaseStep', { step: said(step) }))
      .join('')
    const sure = t('releaseSure', { count: rows.length, steps })
    if (!(await askConsent(t('release'), sure, true))) return
    await run(rows)
    clear()
    done()
  }

  return { batch, release }
}
