import { ref, type Ref } from 'vue'
import { api, ask, type Message, type Schemas } from '@/api/client'
import { useFaults, type Faults } from './useFaults'

type Form = Schemas['customers.v1.CustomerForm']
type Finding = Message<'customers.v1.Advice'>

function byField(findings: Finding[]): Faults {
  const found: Faults = {}
  for (const { field, zh, en, clause } of findings) (found[field] ??= []).push({ zh, en, clause })
  return found
}

function only(faults: Faults, fields: Iterable<string>): Faults {
  const wanted = new Set(fields)
  return Object.fromEntries(Object.entries(faults).filter(([field]) => wanted.has(field)))
}

/**
 * What the service says of a form while it is filled in: of the fields that its writer has left, or
 * of all once it is to be sent. `known` is what is recorded already.
 */
export function useFormCheck(form: Ref<Form>, known: () => Form = () => ({})) {
  const { faults, take, forget } = useFaults()
  const advice = ref<Faults>({})
  const left = new Set<string>()
  let newest = 0

  async function check(fields: Iterable<string>): Promise<boolean> {
    const mine = ++newest
    const body = { form: { ...known(), ...form.value } }
    const answer = await ask(api.POST('/v1/customerForm:check', { body })).catch(() => null)
    // Whether it is right cannot be had now: its submission will say.
    if (!answer || mine !== newest) return true
    faults.value = only(byField(answer.violations), fields)
    advice.value = only(byField(answer.advice), left)
    return Object.keys(faults.value).length === 0
  }

  function leave(field: string): void {
    left.add(field)
    void check(left)
  }

  /** Whether nothing is wrong with these fields; what is stands at them then. */
  function passes(fields: string[]): Promise<boolean> {
    fields.forEach((field) => left.add(field))
    return check(fields)
  }

  return { faults, advice, take, forget, leave, passes }
}
