import { Upload } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'import',
  name: 'import',
  title: { zh: '导入', en: 'Import' },
  group: 'customers',
  order: 160,
  icon: Upload,
  needs: ['customers.access.import_into_pool'],
  component: () => import('./ImportScreen.vue'),
})
