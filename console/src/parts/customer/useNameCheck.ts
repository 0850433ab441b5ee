import { computed, ref, shallowRef, type Ref } from 'vue'
import { api, ask, requestId, type Message, type Schemas } from '@/api/client'

type Form = Schemas['customers.v1.CustomerForm']
type Check = Message<'customers.v1.DuplicateCheck'>

function asked({ full_name = '', industry_kind = '', contact = '' }: Form): string {
  return [full_name.trim(), industry_kind, contact.trim()].join('\n')
}

/** The duplicate check of the name as it is written; a changed name wants another one. */
export function useNameCheck(form: Ref<Form>) {
  const check = shallowRef<Check>()
  const busy = ref(false)
  const failed = ref(false)
  const of = ref('')
  let running: Promise<void> | null = null

  /** Whether the check at hand is of the name that is written now. */
  const current = computed(() => check.value !== undefined && of.value === asked(form.value))

  async function find(): Promise<void> {
    const wanted = asked(form.value)
    const [full_name = '', industry_kind = '', contact = ''] = wanted.split('\n')
    busy.value = true
    failed.value = false
    try {
      const body = { full_name, industry_kind, contact, request_id: requestId() }
      check.value = (await ask(api.POST('/v1/duplicateChecks', { body }))).duplicate_check
      of.value = wanted
    } catch {
      check.value = undefined
      failed.value = true
    } finally {
      busy.value = false
      running = null
    }
  }

  /** Check the name unless it is checked already; resolves once there is an answer. */
  async function ensure(): Promise<void> {
    if (!form.value.full_name?.trim() || current.value) return
    running ??= find()
    await running
  }

  return { check, busy, failed, current, ensure }
}
