import { ElMessage } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import { reactive } from 'vue'
import { Problem, type ProblemDocument } from '@/api/problem'
import { i18n } from '@/texts'

/** The refusal that is shown in a dialog; RefusalDialog of the shell watches it. */
export const refusal = reactive<{ document: ProblemDocument | null }>({ document: null })

/** Tell that something was not done. Returns whether the server answered (true) or was away. */
export function tellRefusal(failure: unknown): boolean {
  if (failure instanceof Problem) {
    refusal.document = failure.document
    return true
  }
  ElMessage.error({ message: i18n.global.t('unreachable'), grouping: true })
  return false
}

export function tellSuccess(message: string): void {
  ElMessage.success({ message, grouping: true })
}
