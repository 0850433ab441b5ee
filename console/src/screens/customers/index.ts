import { OfficeBuilding } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'customers',
  name: 'customers',
  title: { zh: '客户', en: 'Customers' },
  group: 'customers',
  order: 110,
  icon: OfficeBuilding,
  needs: ['ownership.claim.permission', 'ownership.library.readers'],
  component: () => import('./CustomersScreen.vue'),
})
