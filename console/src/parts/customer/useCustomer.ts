import { computed, onScopeDispose, reactive, shallowRef } from 'vue'
import { api, ask, type Message } from '@/api/client'
import { onChange } from '@/api/live'
import { may } from '@/api/permissions'
import { Problem } from '@/api/problem'
import { me } from '@/api/session'

export type Customer = Message<'customers.v1.Customer'>
export type Position = Message<'ownership.v1.Position'>

/** What the customer's drawer shows, and what the caller may do. Asked again when a hint says so. */
export function useCustomer(id: string) {
  const customer = shallowRef<Customer>()
  const position = shallowRef<Position>()
  const releaseMark = shallowRef('')
  const failed = shallowRef<unknown>(null)
  /** Grows with every reload: what is shown besides asks again too. */
  const version = shallowRef(0)
  let gone = false
  onScopeDispose(() => (gone = true))

  async function load(): Promise<void> {
    const params = { path: { customer_id: id } }
    try {
      const [found, where] = await Promise.all([
        ask(api.GET('/v1/customers/{customer_id}', { params })),
        // Who may see the customer but not its place is shown the customer.
        ask(api.GET('/v1/customers/{customer_id}/position', { params })).catch(() => null),
      ])
      if (gone) return
      customer.value = found.customer
      releaseMark.value = found.release_mark
      position.value = where?.position
      failed.value = null
      version.value += 1
    } catch (failure) {
      failed.value = failure
      // A refusal takes away what was shown before: the customer may be another's by now.
      if (failure instanceof Problem) customer.value = position.value = undefined
    }
  }

  const open = computed(() => customer.value !== undefined && !customer.value.duplicate_of)
  const mine = computed(() => position.value?.holder_id === me.value)
  const correctable = computed(
    () => open.value && !customer.value?.masked && may('customers.access.supplement'),
  )
  const allowed = computed(() => ({
    followUp: open.value && mine.value && may('activity.follow_ups.record'),
    claim:
      open.value &&
      position.value?.location === 'LOCATION_PUBLIC_POOL' &&
      may('ownership.claim.permission'),
    mnemonic: open.value && releaseMark.value !== '',
    release: open.value && releaseMark.value !== '' && !position.value?.frozen,
    supplement: correctable.value,
    otherNames: correctable.value,
    reportDuplicate:
      open.value &&
      may('ownership.dispute.report') &&
      (mine.value || may('ownership.dispute.read')),
    dispute: customer.value !== undefined && may('ownership.dispute.raise_one'),
  }))

  onChange(['holdings', 'pool', 'follow_ups', 'cases', 'disputes'], ({ subject_id }) => {
    if (!subject_id || subject_id === id) void load()
  })
  void load()

  return reactive({ customer, position, releaseMark, failed, version, mine, allowed, reload: load })
}

export type CustomerState = ReturnType<typeof useCustomer>
