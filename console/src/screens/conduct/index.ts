import { Warning } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'conduct',
  name: 'conduct',
  title: { zh: '违规与扣款', en: 'Conduct and penalties' },
  group: 'rules',
  order: 320,
  icon: Warning,
  component: () => import('./ConductScreen.vue'),
})
