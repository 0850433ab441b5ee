import { computed, ref, shallowRef, type Ref } from 'vue'
import { api, ask, requestId, type Message, type Schemas } from '@/api/client'

type Form = Schemas['customers.v1.CustomerForm']
type Check = Message<'customers.v1.DuplicateCheck'>

/** The fields by which a customer is found. */
export const FOUND_BY: (keyof Form)[] = [
  'full_name',
  'industry_kind',
  'contact',
  'unified_credit_code',
  'phones',
  'business_address',
  'hr_lead',
]

/** What is asked: the fields that are filled in. */
export function asked(form: Form): Form {
  const filled = FOUND_BY.map((field) => {
    const value = form[field]
    const written = Array.isArray(value)
      ? value.map((one) => one.trim()).filter(Boolean)
      : value?.trim()
    return [field, written] as const
  }).filter(([, written]) => written?.length)
  return Object.fromEntries(filled) as Form
}

const whole = (form: Form): string => JSON.stringify(asked(form))

function identity({ full_name, industry_kind, contact }: Form): string {
  return whole({ full_name, industry_kind, contact })
}

/** The duplicate check of the form as it is written; a field that changes wants another one. */
export function useNameCheck(form: Ref<Form>) {
  const check = shallowRef<Check>()
  const busy = ref(false)
  const failed = ref(false)
  const of = shallowRef<Form>({})
  let running: Promise<void> | null = null

  /** Whether the check at hand is of the name that is written now. */
  const current = computed(
    () => check.value !== undefined && identity(of.value) === identity(form.value),
  )

  async function find(): Promise<void> {
    const fields = asked(form.value)
    busy.value = true
    failed.value = false
    try {
      const body = { ...fields, full_name: fields.full_name ?? '', request_id: requestId() }
      check.value = (await ask(api.POST('/v1/duplicateChecks', { body }))).duplicate_check
      of.value = fields
    } catch {
      check.value = undefined
      failed.value = true
    } finally {
      busy.value = false
      running = null
    }
  }

  /** Check the form unless it is checked already; resolves once there is an answer. */
  async function ensure(): Promise<void> {
    if (!form.value.full_name?.trim()) return
    // One that runs may have been asked with less than is written by now.
    if (running) await running
    if (current.value && whole(of.value) === whole(form.value)) return
    running ??= find()
    await running
  }

  return { check, busy, failed, current, ensure }
}
