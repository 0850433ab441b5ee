import { computed, type ComputedRef } from 'vue'
import { useCaseTypes, type CaseType } from '@/parts/cases/caseTypes'

/** The case type by which the reader applies for something; none for who may not, or until it is known. */
export function useApplication(flow: 'register' | 'claim'): ComputedRef<CaseType | undefined> {
  const { types } = useCaseTypes()
  return computed(() => types.value.find((type) => type.flow === flow && type.may_submit))
}
