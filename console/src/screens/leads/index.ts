import { Phone } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'leads',
  name: 'leads',
  title: { zh: '来电与试用', en: 'Calls and trials' },
  group: 'customers',
  order: 150,
  icon: Phone,
  needs: ['ownership.inbound.permission', 'ownership.inbound.read', 'ownership.rota.read'],
  component: () => import('./LeadsScreen.vue'),
})
