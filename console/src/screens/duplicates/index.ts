import { Search } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'duplicates',
  name: 'duplicates',
  title: { zh: '查重', en: 'Duplicate check' },
  group: 'customers',
  order: 130,
  icon: Search,
  needs: ['customers.access.check_duplicates', 'customers.access.scan_duplicates'],
  component: () => import('./DuplicatesScreen.vue'),
})
