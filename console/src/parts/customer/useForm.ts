import { shallowRef, watch } from 'vue'
import { api, ask, type Message } from '@/api/client'
import { session } from '@/api/session'

type Description = Message<'customers.v1.DescribeFormResponse'>

const known = shallowRef<Description>()
let asked: Promise<void> | null = null

async function load(): Promise<void> {
  try {
    known.value = await ask(api.GET('/v1/customerForm'))
  } catch {
    asked = null
  }
}

watch(
  () => session.person,
  () => {
    known.value = undefined
    asked = null
  },
)

/** What the form of a customer asks for under the rules in force; asked once, empty until known. */
export function useForm() {
  asked ??= load()
  return known
}
