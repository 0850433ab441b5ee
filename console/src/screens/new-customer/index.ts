import { DocumentAdd } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'customers/new',
  name: 'new-customer',
  title: { zh: '新建客户', en: 'New customer' },
  group: 'customers',
  order: 140,
  icon: DocumentAdd,
  needs: ['review.case_types.new_customer.applicants'],
  component: () => import('./NewCustomerScreen.vue'),
})
