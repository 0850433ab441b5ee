import { ref } from 'vue'
import { requestId } from '@/api/client'
import { Problem } from '@/api/problem'
import { tellRefusal, tellSuccess } from './telling'

/**
 * Send a command at most once at a time. The request id stays the same until an answer came, so a
 * repetition after a lost answer takes effect once. A refusal is told with its clause and figures,
 * unless `shown` says that it is told already, at the fields of a form. What `ready` has to do before
 * counts as part of it; nothing is sent when it says no.
 */
export function useCommand<Arguments extends unknown[], Result>(
  send: (id: string, ...values: Arguments) => Promise<Result>,
  success?: (result: Result) => string,
  shown: (refusal: Problem) => boolean = () => false,
  ready: () => Promise<boolean> | boolean = () => true,
) {
  const busy = ref(false)
  let id = requestId()

  async function run(...values: Arguments): Promise<Result | undefined> {
    if (busy.value) return undefined
    busy.value = true
    try {
      if (!(await ready())) return undefined
      const result = await send(id, ...values)
      id = requestId()
      if (success) tellSuccess(success(result))
      return result
    } catch (failure) {
      const here = failure instanceof Problem && shown(failure)
      if (here || tellRefusal(failure)) id = requestId()
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, run }
}
