import { computed, shallowRef, watch } from 'vue'
import { api, ask, type Message } from '@/api/client'
import { session } from '@/api/session'
import { said } from '@/texts'

export type Case = Message<'review.v1.Case'>
export type CaseType = Message<'review.v1.CaseType'>

const types = shallowRef<CaseType[]>([])
let asked: Promise<void> | null = null

async function load(): Promise<void> {
  try {
    types.value = (await ask(api.GET('/v1/caseTypes'))).case_types
  } catch {
    asked = null
  }
}

watch(
  () => session.person,
  () => {
    types.value = []
    asked = null
  },
)

/** The case types of policy, asked for once; empty until they are known. */
export function useCaseTypes() {
  asked ??= load()
  const byName = computed(() => new Map(types.value.map((type) => [type.case_type, type])))

  /** What people call a case type. */
  function titleOf(name: string): string {
    const type = byName.value.get(name)
    return type ? said({ zh: type.title_zh, en: type.title_en }) : name
  }

  return { types, titleOf, typeOf: (name: string) => byName.value.get(name) }
}

/** What the system itself found against a case, by kind of evidence; empty for its applicant. */
export function findingsOf(found: Case): { duplicate: string[]; incomplete: string[] } {
  const evidence = (found.evidence ?? {}) as { findings?: Record<string, string[]> }
  return {
    duplicate: evidence.findings?.duplicate ?? [],
    incomplete: evidence.findings?.incomplete ?? [],
  }
}

/** Who has taken a case and still has it; empty when nobody. */
export function takenBy(found: Case): string {
  const until = found.take_expire_time
  return found.reviewer_id && until && Date.parse(until) > Date.now() ? found.reviewer_id : ''
}
