import { ElMessageBox, type MessageBoxInputData } from 'element-plus'
import 'element-plus/es/components/message-box/style/css'
import { i18n } from '@/texts'

/** Ask for a reason; null when the person changed her mind. `consequence` says what will happen. */
export function askReason(title: string, consequence: string): Promise<string | null> {
  return askText(title, consequence, i18n.global.t('reasonMissing'), 'textarea')
}

/** Ask for a text that is not empty; null when the person changed her mind. */
export async function askText(
  title: string,
  message: string,
  missing = i18n.global.t('textMissing'),
  inputType: 'text' | 'textarea' = 'text',
): Promise<string | null> {
  return ElMessageBox.prompt(message, title, {
    inputType,
    inputValidator: (text) => (text?.trim() ? true : missing),
    confirmButtonText: i18n.global.t('confirm'),
    cancelButtonText: i18n.global.t('cancel'),
  }).then(
    (given) => (given as MessageBoxInputData).value.trim(),
    () => null,
  )
}

/** Ask whether to go on, with the consequence in the dialog. `grave` marks what cannot be undone. */
export async function askConsent(
  title: string,
  consequence: string,
  grave = false,
): Promise<boolean> {
  const answer = await ElMessageBox.confirm(consequence, title, {
    type: grave ? 'warning' : 'info',
    confirmButtonText: i18n.global.t('confirm'),
    cancelButtonText: i18n.global.t('cancel'),
    confirmButtonType: grave ? 'danger' : 'primary',
  }).catch(() => null)
  return answer === 'confirm'
}
